import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

it.each(['SECURITY.md', 'README.md', 'README.zh-CN.md'])(
  '%s names no file of the repository that is not there',
  (document) => {
    const text = readFileSync(join(ROOT, document), 'utf8');
    const named = [...text.matchAll(/\b(?:src|test|scripts|bench|demo|prove|docs)\/[\w./-]+\.\w+/g)];
    expect(named.length).toBeGreaterThan(0);
    expect(named.map(([path]) => path).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  },
);
