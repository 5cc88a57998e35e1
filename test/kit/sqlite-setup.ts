import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from './database.ts';
import { createFolder } from './folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The path of a database that has its tables and nothing else. */
    migrated: string;
  }
}

/** Going through all migrations takes longer than most tests, so theirs are copies of one that has. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const path = join(createFolder(), 'qunfa.sqlite');
  await migrate(`file:${path}`);
  provide('migrated', path);
  return () => rmSync(dirname(path), { recursive: true, force: true });
}
