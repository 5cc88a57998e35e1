import { existsSync } from 'node:fs';
import { type Config, readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/settings.ts';
import { type Database, TableState } from '../src/db/database.ts';

/** What a shell knows as "used wrongly", and as "wrong settings". */
export const WRONG_USE = 64;
export const WRONG_SETTINGS = 78;

export function end(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

/** What a script was called with, or how it is called. */
export function wordsOrEnd<T>(usage: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    return end(`${error instanceof Error ? error.message : error}\n${usage}`, WRONG_USE);
  }
}

/** Drizzle's error has the statement, and its cause what is wrong; that of a refused connection has a code alone. */
function endForDatabase(error: Error & { code?: string }): never {
  const { message, code } = (error.cause as typeof error | undefined) ?? error;
  return end(`the database could not be opened: ${message || code}`, 1);
}

/** The settings of the gateway, that the same database and the same accounts are meant. */
export function settingsOrEnd(): Config {
  if (existsSync('.env')) process.loadEnvFile('.env');
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return end(error.message, WRONG_SETTINGS);
  }
}

/** Opens a database whose tables are those of this version. To bring them up to date is for the gateway alone, which may be running. */
export async function databaseOrEnd(url: string, onError: (error: Error) => void): Promise<Database> {
  // Only now: it is much to load, and who called a script wrongly is told at once.
  const { openDatabase } = await import('../src/db/open.ts');
  const database = await openDatabase(url, onError).catch(endForDatabase);
  const state = await database.tableState().catch(endForDatabase);
  if (state === TableState.LATER)
    end('the tables of DATABASE_URL are those of a later version: use its scripts', 1);
  if (state !== TableState.CURRENT)
    end('the tables of DATABASE_URL are not those of this version: start its gateway on it', 1);
  return database;
}
