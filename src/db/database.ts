import type { AnyColumn, SQL } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import type { Preparable, Prepared } from './prepared.ts';
import type { Tables } from './tables.ts';

/** Drizzle, in the subset that SQLite and Postgres share, typed against SQLite. */
export type Queries = Pick<
  BetterSQLite3Database,
  'select' | 'selectDistinct' | 'insert' | 'update' | 'delete'
>;

/** A query that was built and not run yet. */
export type Statement<T = unknown> = PromiseLike<T>;

/**
 * Statements that belong together: a generator that yields them and is given their rows, because better-sqlite3 runs a transaction
 * synchronously and Postgres does not, and this is the one form that both can drive. Steps are made of steps.
 */
export type Step<T> = Generator<Statement, T, unknown>;

export interface Database {
  read: Queries;
  tables: Tables;
  /** Makes the statement of a query that is run often: building it each time takes longer than running it. */
  prepare<Row>(query: Preparable<Row>): Prepared<Row>;
  /** In a prepared query: whether a column holds one of a list of texts, which comes by name and has any length. */
  isAmong(column: AnyColumn, name: string): SQL;
  /** Runs the work in one transaction, committed when this resolves. One at a time: event ids grow in the order of commits. */
  atomically<T>(work: (tx: Queries) => Step<T>): Promise<T>;
  /** Calls back after every commit, so that whoever waits for events looks again. The answer stops it. */
  onCommit(listener: () => void): () => void;
  /** How often something could not be committed. */
  failures(): number;
  /** Brings its tables up to date. For whoever owns it: a gateway of another version may still run on it. */
  migrate(): Promise<void>;
  /** How its tables stand to those of this version: another one may have moved them on, or a restore back. */
  tableState(): Promise<TableState>;
  /** Where the database lies. A copy, wherever it was made, has another place. */
  place(): Promise<string>;
  /**
   * Keeps every other gateway off this database until it is closed or the process ends, however it ends. What it answers remembers,
   * outside the database, how far it has come, where there is such a place. Throws `DatabaseInUseError`.
   * @param onDoubt called whenever another gateway may have got hold of it meanwhile
   */
  own(onDoubt: () => void): Promise<ProgressMemory | null>;
  close(): Promise<void>;
}

export const TableState = {
  /** There are none. */
  MISSING: 'MISSING',
  EARLIER: 'EARLIER',
  CURRENT: 'CURRENT',
  LATER: 'LATER',
} as const;
export type TableState = (typeof TableState)[keyof typeof TableState];

/** How far a database has come. */
export interface Progress {
  fence: number;
  /** Of the last event. */
  lastEventId: number;
}

export interface ProgressMemory {
  seen(): Progress | null;
  save(progress: Progress): void;
}

/** Another gateway runs on this database. */
export class DatabaseInUseError extends Error {
  override name = 'DatabaseInUseError' as const;
}

/** A later version has moved the tables on: what this one does not know of them, it would not write. */
export class LaterTablesError extends Error {
  override name = 'LaterTablesError' as const;
}

/** Another gateway has taken this database over; this one must not send any more. */
export class TakenOverError extends Error {
  override name = 'TakenOverError' as const;
}

/** Inside a generator of `atomically`: `const rows = yield* run(tx.select()…)`. */
export function* run<T>(statement: Statement<T>): Step<T> {
  return (yield statement) as T;
}

/** Runs the statements of a step, in the transaction that they are in or in none. */
export async function oneByOne<T>(step: Step<T>): Promise<T> {
  let at = step.next();
  while (!at.done) at = step.next(await at.value);
  return at.value;
}

/** Told of every statement that is run: tests count them. */
export type OnQuery = (sql: string) => void;
