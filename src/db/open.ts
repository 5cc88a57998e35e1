import type { Database, OnQuery } from './database.ts';
import type { ViewReader } from './view-reader.ts';

/** The path of a database that is a file, for SQLite; null for Postgres. */
const fileOf = (url: string): string | null => (url.startsWith('file:') ? url.slice('file:'.length) : null);

/** Reads views beside the writing. @param url as for `openDatabase` */
export const createViewReader = (url: string): ViewReader => ({
  async *read(view, span) {
    const reader = await openViewReader(url);
    yield* reader.read(view, span);
  },
});

// Neither loads the driver of the other database, which would take its memory for nothing.

async function openViewReader(url: string): Promise<ViewReader> {
  const path = fileOf(url);
  if (path === null) {
    const { createPostgresViewReader } = await import('./postgres-view-reader.ts');
    return createPostgresViewReader(url);
  }
  const { createSqliteViewReader } = await import('./sqlite-view-reader.ts');
  return createSqliteViewReader(path);
}

/** @param url `file:<path>` for SQLite, `postgres://…` for Postgres */
export async function openDatabase(
  url: string,
  onError: (error: Error) => void,
  onQuery?: OnQuery,
): Promise<Database> {
  const path = fileOf(url);
  if (path === null) {
    const { openPostgres } = await import('./postgres.ts');
    return openPostgres(url, onError, onQuery);
  }
  const { openSqlite } = await import('./sqlite.ts');
  return openSqlite(path, onQuery);
}
