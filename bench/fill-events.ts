import Sqlite from 'better-sqlite3';
import { createDatabase } from './kit/database.ts';

/** A database with so many events, which is the view that grows longest. */
export async function fillEvents(path: string, rows: number): Promise<void> {
  await createDatabase(path);
  const file = new Sqlite(path);
  file.exec(`
    with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${rows})
    insert into events (at, type, app_id, msg_id, raw_status)
    select strftime('%Y-%m-%d %H:%M:%f', 1767225600 + n, 'unixepoch'), 'MassSendJobFinished', 'wxbench', n, 'send success'
    from numbers`);
  file.close();
}
