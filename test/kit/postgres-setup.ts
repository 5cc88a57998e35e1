import { randomBytes } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { startPostgres } from './postgres.ts';
import { dropPostgresDatabases, type RunningPostgres } from './postgres-databases.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgres: RunningPostgres;
  }
}

/** One Postgres for the whole suite. */
export default async function setup({ provide }: TestProject): Promise<() => Promise<void>> {
  const { url, stop } = await startPostgres();
  const postgres = { url, prefix: `qunfa_${randomBytes(4).toString('hex')}_` };
  provide('postgres', postgres);
  return async () => {
    await dropPostgresDatabases(postgres);
    await stop();
  };
}
