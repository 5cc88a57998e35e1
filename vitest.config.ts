import { defineConfig } from 'vitest/config';

// Every suite runs against a real server, so a project is only a database: SQLite, or the Postgres of global setup.
const project = (database: 'sqlite' | 'postgres', include: string[]) => ({
  extends: true as const,
  test: { name: database, include, env: { TEST_DATABASE: database } },
});

export default defineConfig({
  test: {
    // Two copies of graphql meet otherwise, and errors made with one are strangers to the other.
    server: { deps: { inline: [/graphql/, /@pothos/] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: ['test/kit/postgres-setup.ts'],
    projects: [project('sqlite', ['test/**/*.test.ts']), project('postgres', ['test/gateway/**/*.test.ts'])],
  },
});
