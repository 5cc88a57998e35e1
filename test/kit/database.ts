import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/** A database of its own: a file, or a fresh one on the Postgres of this run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = inject('postgresUrl') as string | undefined;
  return server ? createPostgresDatabase(server) : createSqliteDatabase();
}

export function createSqliteDatabase(): TestDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-test-'));
  return {
    url: `file:${join(folder, 'qunfa.sqlite')}`,
    drop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

export async function createPostgresDatabase(server: string): Promise<TestDatabase> {
  const name = `qunfa_${randomBytes(8).toString('hex')}`;
  await onServer(server, `create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(server, `drop database ${name} with (force)`) };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
