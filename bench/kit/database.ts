import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { openDatabase } from '../../src/db/open.ts';
import { encodeCursor } from '../../src/schema/campaign-connection.ts';
import { ACCOUNT } from './gateway.ts';

const MIGRATIONS = join(import.meta.dirname, '../../drizzle/sqlite');

/** Changed with what is written below, so that no older file is taken for the present one. */
const EDITION = 2;

/** Makes the product's own tables in a new file. */
export async function createDatabase(path: string): Promise<void> {
  const database = await openDatabase(`file:${path}`, () => {});
  await database.migrate();
  await database.close();
}

/**
 * A database with so many finished campaigns of one job each, newest last: four of five are articles, two each. It is made once, and kept
 * in the folder of temporary files for the next run, as nobody writes campaigns to it.
 */
export async function databaseOf(campaigns: number): Promise<string> {
  const tables = createHash('sha256').update(readdirSync(MIGRATIONS).join()).digest('hex').slice(0, 8);
  const path = join(tmpdir(), `qunfa-bench-${campaigns}-${tables}-${EDITION}.sqlite`);
  if (existsSync(path)) return path;
  const making = `${path}.${process.pid}`;
  await createDatabase(making);
  const file = new Sqlite(making);
  file.pragma('synchronous = OFF');
  file.pragma('cache_size = -200000');
  file.exec('begin');
  file.exec(campaignsOf(campaigns));
  file.exec(JOBS);
  file.exec(ARTICLES);
  file.exec('commit; pragma wal_checkpoint(truncate)');
  file.close();
  rmSync(`${making}.lock`, { force: true });
  renameSync(making, path);
  return path;
}

export const numbered = (n: number): string => String(n).padStart(8, '0');

/** The cursor of a campaign by its number. */
export const cursorAt = (n: number): string =>
  encodeCursor({ createdAt: new Date((1_704_067_200 + n * 60) * 1000), id: `cmp_${numbered(n)}` });

/** Ids of the same length, so that they sort as they were made; a campaign a minute. */
const campaignsOf = (count: number): string => `
  with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${count})
  insert into campaigns (
    id, app_id, idempotency_key, fingerprint, label, message_type, media_id, audience_kind, tag_id, recipients, send_ignore_reprint,
    status, total_count, eligible_count, sent_count, failed_count, copyright_states, created_at, submitted_at, finished_at
  )
  select printf('cmp_%08d', n), '${ACCOUNT.appId}', printf('key %08d', n), printf('%064d', n), 'Campaign ' || n,
    case when n % 5 = 4 then 'TEXT' else 'MPNEWS' end,
    case when n % 5 = 4 then null else 'media-' || n end,
    'TAG', n % 50, 5000, 0,
    case when n % 20 = 7 then 'FAILED' when n % 20 = 13 then 'DELETED' else 'SENT' end,
    5000, 4900, 4890, 10,
    case when n % 5 < 4 then case when n % 10 = 1 then 'REPRINT_ALLOWED' else 'NOT_REPRINT' end end,
    at, at, at
  from (select n, strftime('%Y-%m-%d %H:%M:%f', 1704067200 + n * 60, 'unixepoch') as at from numbers)`;

const JOBS = `
  insert into jobs (
    id, campaign_id, app_id, "index", client_msg_id, to_all, recipients, status, msg_id, msg_data_id, total_count, eligible_count,
    sent_count, failed_count, copyright_state, raw_status, attempts, fence, polls, counts_at, submitted_at, finished_at
  )
  select 'job_' || substr(id, 5), id, app_id, 0, 'q_' || substr(id, 5), 0, recipients, status,
    cast(3000000001 + cast(substr(id, 5) as integer) as text),
    case when message_type = 'MPNEWS' then cast(2247000001 + cast(substr(id, 5) as integer) as text) end,
    total_count, eligible_count, sent_count, failed_count,
    case when message_type = 'MPNEWS' then case when cast(substr(id, 5) as integer) % 10 = 1 then 'REPRINT_ALLOWED' else 'NOT_REPRINT' end end,
    'send success', 1, 1, 0, created_at, created_at, created_at
  from campaigns`;

const ARTICLES = `
  insert into job_articles (job_id, "index", article_msgid, title, author, digest, url)
  select id, n, msg_data_id || '_' || n, 'An article of campaign ' || campaign_id || ', number ' || n, 'The editors', 'In short', 
    'http://mp.weixin.qq.com/s?__biz=MzA4&mid=' || msg_data_id || '&idx=' || n
  from jobs, (select 1 as n union all select 2)
  where msg_data_id is not null`;
