import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');

const dockerfile = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replaceAll('\\\n', ' ');

/** The stage that is shipped. */
export const stage = dockerfile.split(/^FROM /m).at(-1) ?? '';

/** What it copies out of the repository, each with where it goes. */
export const copied = [...stage.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, list = '']) => {
  const paths = list.trim().split(/\s+/);
  const to = paths.pop() ?? '';
  return paths.map((from) => ({ from, to: to.endsWith('/') ? join(to, basename(from)) : to }));
});

/** The command of an instruction in its JSON form. */
export function commandOf(instruction: 'CMD' | 'HEALTHCHECK'): string[] {
  const line = new RegExp(`^${instruction}\\b.*?(\\[.*\\])$`, 'm').exec(stage)?.[1];
  return JSON.parse(line ?? '[]');
}

export interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  resolved?: string;
  integrity?: string;
}

export const locked: Record<string, LockedPackage> = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
).packages;

export const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
