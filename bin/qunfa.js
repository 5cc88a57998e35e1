#!/usr/bin/env node
// Plain JavaScript, so that a Node that is too old for the rest can still say so.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `qunfa needs Node 24 and this is ${process.versions.node}: run "npm ci" and then "npm start", which bring their own.`,
  );
  process.exit(1);
}
const { BUNDLE, isBundled } = await import('./bundle.js');
if (isBundled()) {
  // Stacks tell of the sources all the same.
  process.setSourceMapsEnabled(true);
  await import(`${BUNDLE}/main.js`);
} else {
  await import('../src/main.ts');
}
