import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');

/** The gateway with its packages in one file, which starts several times faster than the thousands of files it is made of. */
export const BUNDLE = join(ROOT, 'dist');

/** V8's code for the bundle. It is for one version of Node on one kind of machine; another compiles anew. */
export const COMPILED = join(BUNDLE, 'compiled');

/** Holds the hash of what the bundle was made of, and is written last. */
export const STAMP = 'made-of';

/** Of all that a bundle is made of: the sources and, by their versions, the packages. */
export function hashOfSources() {
  const hash = createHash('sha1');
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join('src', path));
  for (const path of [...sources.sort(), 'package-lock.json'])
    hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

/** Whether there is a bundle that was made of the very sources that lie here now. Any other is as good as none. */
export function isBundled() {
  try {
    return (
      existsSync(join(BUNDLE, 'main.js')) && readFileSync(join(BUNDLE, STAMP), 'utf8') === hashOfSources()
    );
  } catch {
    return false;
  }
}
