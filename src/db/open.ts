import type { Database, OnQuery } from './database.ts';
import { openPostgres } from './postgres.ts';
import { createPostgresViewReader } from './postgres-view-reader.ts';
import { openSqlite } from './sqlite.ts';
import { createSqliteViewReader } from './sqlite-view-reader.ts';
import type { ViewReader } from './view-reader.ts';

/** Reads views beside the writing. @param url as for `openDatabase` */
export const createViewReader = (url: string): ViewReader =>
  url.startsWith('file:') ? createSqliteViewReader(url.slice('file:'.length)) : createPostgresViewReader(url);

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
