import { closeSync, fsyncSync, linkSync, openSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';

/** More than any database has. */
const ALL_PAGES = 2 ** 31 - 1;

/** There is a file of that name already. */
export class BackupExistsError extends Error {
  override name = 'BackupExistsError' as const;
}

/**
 * Copies the database as it is at one moment, beside whoever writes to it, marks the copy as one and checks it. The file appears under
 * its name once it is whole and on the disk; whoever else is on this machine cannot read it. Throws `BackupExistsError`, and leaves
 * nothing behind where it throws. Answers how many bytes it has.
 */
export async function backupSqlite(from: string, to: string): Promise<number> {
  const partial = `${to}.partial`;
  closeSync(exclusively(partial));
  try {
    const source = new Sqlite(from, { readonly: true, fileMustExist: true });
    // In one go: between two, a writer would make it begin anew, and a busy one would never let it end.
    await source.backup(partial, { progress: () => ALL_PAGES }).finally(() => source.close());
    const bytes = markAndCheck(partial);
    sync(partial);
    link(partial, to);
    sync(dirname(to));
    return bytes;
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${end}`, { force: true });
  }
}

/** Throws where the copy is not sound. */
function markAndCheck(path: string): number {
  const copy = new Sqlite(path);
  try {
    // One file without others beside it; the gateway turns that back.
    copy.pragma('journal_mode = DELETE');
    mark(copy);
    const found = copy.pragma('integrity_check', { simple: true });
    if (found !== 'ok') throw new Error(`the copy is not sound: ${found}`);
    const broken = copy.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0)
      throw new Error(`the copy is not sound: ${broken.length} rows without what they refer to`);
    return (
      Number(copy.pragma('page_count', { simple: true })) * Number(copy.pragma('page_size', { simple: true }))
    );
  } finally {
    copy.close();
  }
}

/**
 * So that a gateway on it knows that it is a copy, wherever it is put: restored in the place of the original, a file may well be given the
 * same number as that had.
 */
function mark(copy: Sqlite.Database): void {
  const tables = copy.prepare(
    "select count(*) from sqlite_master where type = 'table' and name = 'instance'",
  );
  if (tables.pluck().get() === 1) copy.exec("update instance set place = 'a backup'");
}

function exclusively(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    throw existing(error, path);
  }
}

/** Unlike a renamed file, a linked one never takes the place of another. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    throw existing(error, to);
  }
}

const existing = (error: unknown, path: string): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EEXIST'
    ? new BackupExistsError(`${path} is there already, and nothing is ever overwritten`)
    : error;

function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
