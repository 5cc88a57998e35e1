import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { events } from '../../src/db/bi-time-views.ts';
import { createViewReader } from '../../src/db/open.ts';
import { migrate } from '../kit/database.ts';
import { runSql } from '../kit/sql.ts';

const ROWS = 50_000;

it.each([
  ['all of them', null, ROWS],
  ['none of them', '2030-01-01', 0],
])('lets everybody else have their turn while it reads %s', async (_, from, wanted) => {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-reader-'));
  const url = `file:${join(folder, 'q.sqlite')}`;
  await migrate(url);
  await runSql(
    url,
    `with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < ${ROWS})
    insert into events (at, type, app_id) select '2026-06-01 00:00:00.000', 'MassSendJobFinished', 'wx' from numbers`,
  );
  let turns = 0;
  let isDone = false;
  const others = (async () => {
    while (!isDone) {
      turns++;
      await setImmediate();
    }
  })();
  let rows = 0;
  for await (const batch of createViewReader(url).read(events, { from, to: null })) rows += batch.length;
  isDone = true;
  await others;
  rmSync(folder, { recursive: true });
  expect(rows).toBe(wanted);
  expect(turns).toBeGreaterThanOrEqual(ROWS / 1_000);
});
