import type { Log } from '../log.ts';
import { type Database, LaterTablesError, TableState } from './database.ts';

/** For whoever owns the database. Throws `LaterTablesError`. */
export async function bringUpToDate(database: Database, log: Log): Promise<void> {
  const state = await database.tableState();
  if (state === TableState.CURRENT) return;
  if (state === TableState.LATER)
    throw new LaterTablesError(
      'the tables of DATABASE_URL are those of a later version: start that one, or restore a backup from before it',
    );
  const isNew = state === TableState.MISSING;
  if (!isNew) log.info({}, 'the tables are brought up to date; nothing is answered before that is done');
  await database.migrate();
  if (!isNew) log.info({}, 'the tables are up to date');
}
