import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CampaignQuery } from '../../src/db/campaign-conditions.ts';
import { createCampaignStore } from '../../src/db/campaign-store.ts';
import { stateSet } from '../../src/db/copyright-states.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { withoutPeeking } from '../../src/db/sqlite.ts';
import { createSqliteDatabase, type TestDatabase } from '../kit/database.ts';

let file: TestDatabase;
let database: Database;
let raw: Sqlite.Database;
beforeAll(async () => {
  file = createSqliteDatabase();
  database = await openDatabase(file.url, () => {});
  await database.migrate();
  raw = new Sqlite(file.url.slice('file:'.length));
  // A state that no campaign has is not looked for, and neither is a page of what no job has.
  raw.exec(
    `insert into campaigns (id, app_id, idempotency_key, fingerprint, message_type, audience_kind, send_ignore_reprint, status, created_at, copyright_states)
     values ('cmp_1', 'wx1', 'one', 'one', 'MPNEWS', 'ALL', 0, 'SENT', '2026-05-01 00:00:00.000', '${stateSet(['REPRINT_ALLOWED'])}')`,
  );
  raw.exec(
    `insert into jobs (id, campaign_id, app_id, "index", client_msg_id, to_all, status, msg_id, msg_data_id, attempts, fence, polls, counts_at)
     values ('job_1', 'cmp_1', 'wx1', 0, 'one', 0, 'SENT', '1', '2', 1, 1, 0, '2026-05-01 00:00:00.000')`,
  );
});
afterAll(async () => {
  raw.close();
  await database.close();
  await file.drop();
});

const at = new Date('2026-05-01T00:00:00Z');
const filters: Required<{ [Name in keyof CampaignQuery]: NonNullable<CampaignQuery[Name]> }> = {
  appId: 'wx1',
  idempotencyKey: 'one',
  statuses: ['SENT', 'FAILED'],
  messageTypes: ['TEXT', 'MPNEWS'],
  msgId: '1',
  msgDataId: '2',
  tagId: 3,
  copyrightStates: ['REPRINT_ALLOWED'],
  createdFrom: at,
  createdTo: at,
};
const names = Object.keys(filters) as (keyof CampaignQuery)[];
const combinations = names.flatMap((one, index) => [
  [one],
  ...names.slice(index + 1).map((two) => [one, two]),
]);

interface Built {
  toSQL(): { sql: string; params: unknown[] };
}

/** How SQLite goes about each statement of a page. */
async function plansOf(query: CampaignQuery): Promise<string[][]> {
  const plans: string[][] = [];
  const prepare: Database['prepare'] = (preparable) => {
    const { sql, params } = (preparable.build(preparable.columns) as unknown as Built).toSQL();
    const steps = raw.prepare(`explain query plan ${withoutPeeking(sql)}`).all(params.map(() => null)) as {
      detail: string;
    }[];
    plans.push(steps.map(({ detail }) => detail));
    return database.prepare(preparable);
  };
  const store = createCampaignStore({ ...database, prepare });
  plans.length = 0;
  const olderThan = { createdAt: at, id: 'cmp_1' };
  await store.page(query, { limit: 20, from: 'newest', olderThan, newerThan: null });
  await store.liesBeyond(query, olderThan, 'newer');
  return plans;
}

it.each(combinations)('a page of a filter by %s (and %s) goes through no table', async (...by) => {
  const query = Object.fromEntries(by.filter((name) => name).map((name) => [name, filters[name]]));
  const plans = await plansOf(query);
  expect(plans.length).toBeGreaterThanOrEqual(2);
  const scans = plans.flat().filter((step) => /^SCAN (?:campaigns|jobs)\b/.test(step));
  expect(scans).toEqual([]);
});

const naming = ['idempotencyKey', 'msgId', 'msgDataId'] as const;
const byName = combinations.filter((by) => naming.some((name) => by.includes(name)));

it.each(byName)('a page of a filter by %s (and %s) begins at what the name stands for', async (...by) => {
  const query = Object.fromEntries(by.filter((name) => name).map((name) => [name, filters[name]]));
  const [ids = [], ...pages] = await plansOf(query);
  expect(ids[0]).toMatch(/^SEARCH (?:jobs|campaigns) USING .*\((?:msg_id|msg_data_id|idempotency_key)=\?/);
  expect(pages.length).toBe(2);
  for (const step of pages.flat().filter((plan) => / campaigns /.test(plan)))
    expect(step).toMatch(
      /^SEARCH campaigns USING (?:COVERING )?INDEX (?:sqlite_autoindex_campaigns_1 \(id=\?\)|campaigns_idempotency )/,
    );
});

it.each(['statuses', 'messageTypes', 'copyrightStates'])(
  'an empty list of %s finds nothing and looks nowhere',
  async (name) => {
    expect(await plansOf({ appId: 'wx1', [name]: [] })).toEqual([]);
  },
);

it('would see a table that is gone through', () => {
  const steps = raw
    .prepare("explain query plan select id from campaigns where label = 'x' order by created_at")
    .all();
  expect(steps).toMatchObject([{ detail: expect.stringMatching(/^SCAN campaigns\b/) }]);
});
