import { defineConfig } from 'vitest/config';

const shared = {
  // Two copies of graphql meet otherwise, and errors made with one are strangers to the other.
  server: { deps: { inline: [/graphql/, /@pothos/] } },
  // For what never comes. Whatever else takes its time on a slow machine, with a slow disk, comes sooner.
  testTimeout: 120_000,
  // Some tests wait a second, in real time, for an answer that never comes; a busy machine can take as long for one that comes.
  retry: process.env.CI ? 2 : 0,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
  // No test replaces a module, and loading the gateway takes longer than most tests.
  isolate: false,
};

// The whole suite on SQLite; what is driven through a running gateway once more on Postgres.
export default defineConfig({
  test: {
    maxWorkers: '100%',
    reporters: ['default', './test/kit/closing-line.ts'],
    projects: [
      {
        test: {
          ...shared,
          name: 'sqlite',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/kit/sqlite-setup.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'postgres',
          include: ['test/gateway/**/*.test.ts'],
          globalSetup: ['test/kit/postgres-setup.ts'],
        },
      },
    ],
  },
});
