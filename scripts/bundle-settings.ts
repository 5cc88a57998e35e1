import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';

/** What makes one file of the gateway and its packages that runs as its sources do. */
export const bundleSettings = {
  absWorkingDir: join(import.meta.dirname, '..'),
  bundle: true,
  // What is imported only when it is needed stays in files of its own.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node24',
  // Native code, and nine megabytes of a page.
  external: ['better-sqlite3', 'pg-native', '@graphql-yoga/render-graphiql'],
  // For packages that are CommonJS.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: 'warning',
} satisfies BuildOptions;
