import { readFileSync } from 'node:fs';
import { packageIssues } from './package-rules.ts';

// Says whether anything could be installed that nobody has decided on.
const read = (name: string) => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'));

for (const issue of packageIssues(read('package.json'), read('package-lock.json'))) {
  console.error(issue);
  process.exitCode = 1;
}
