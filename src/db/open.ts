import type { Database, OnQuery } from './database.ts';
import { openPostgres } from './postgres.ts';
import { openSqlite } from './sqlite.ts';

/** @param url `file:<path>` for SQLite, `postgres://…` for Postgres */
export async function openDatabase(
  url: string,
  onError: (error: Error) => void,
  onQuery?: OnQuery,
): Promise<Database> {
  return url.startsWith('file:')
    ? openSqlite(url.slice('file:'.length), onQuery)
    : openPostgres(url, onError, onQuery);
}
