import { expect, it } from 'vitest';
import { packageIssues } from '../scripts/package-rules.ts';
import { locked, manifest } from './kit/image.ts';

const lock = { packages: locked };

it('installs exact versions by their hashes, and runs the install scripts that are named and no others', () => {
  expect(packageIssues(manifest, lock)).toEqual([]);
});

it.each([
  [
    'a range',
    { dependencies: { ...manifest.dependencies, pino: '^10.4.0' } },
    {},
    /pino \^10\.4\.0 is not an exact/,
  ],
  [
    'a tag',
    { dependencies: { ...manifest.dependencies, pino: 'latest' } },
    {},
    /pino latest is not an exact/,
  ],
  [
    'another version than the locked one',
    {},
    { 'node_modules/pino': { version: '1.0.0', integrity: 'x' } },
    /pino is not locked/,
  ],
  [
    'a package without a hash',
    {},
    { 'node_modules/pino': { version: manifest.dependencies.pino } },
    /pino has no version or no hash/,
  ],
  [
    'an install script that is new',
    {},
    { 'node_modules/pino': { ...locked['node_modules/pino'], hasInstallScript: true } },
    /allowScripts does not name pino/,
  ],
  [
    'one deep below',
    {},
    {
      'node_modules/a/node_modules/b': {
        version: '1.0.0',
        integrity: 'x',
        dev: true,
        hasInstallScript: true,
      },
    },
    /allowScripts does not name b/,
  ],
  [
    'one that is allowed and shipped',
    { allowScripts: { ...manifest.allowScripts, 'better-sqlite3': true } },
    {},
    /better-sqlite3 is shipped/,
  ],
  ['a name that is of no use', { allowScripts: { ...manifest.allowScripts, gone: true } }, {}, /names gone/],
])('would see %s', (_, change, packages, issue) => {
  const issues = packageIssues({ ...manifest, ...change }, { packages: { ...lock.packages, ...packages } });
  expect(issues.join('\n')).toMatch(issue);
});
