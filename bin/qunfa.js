#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old for the rest can still say so.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `qunfa needs Node 24 and this is ${process.versions.node}: run "npm ci" and then "npm start", which bring their own.`,
  );
  process.exit(1);
}
const { BUNDLE, COMPILED, isBundled } = await import('./bundle.js');
if (isBundled()) {
  const { enableCompileCache } = await import('node:module');
  // Where nothing may be written, what was compiled at the installation serves all the same.
  enableCompileCache(COMPILED);
  // Stacks tell of the sources all the same.
  process.setSourceMapsEnabled(true);
  await import(`${BUNDLE}/main.js`);
} else {
  await import('../src/main.ts');
}
