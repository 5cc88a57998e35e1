import { expect, it } from 'vitest';
import { biViews } from '../../src/db/bi-views.ts';
import { createViewReader } from '../../src/db/open.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld } from '../kit/world.ts';

const END_READERS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and query like 'fetch % from rows'`;

it('outlives a database that ends the connection of an export while nobody reads on', async () => {
  await using world = await createWorld();
  const url = world.config.databaseUrl;
  const calendar = biViews.find(({ name }) => name === 'bi_calendar')!;
  const batches = createViewReader(url).read(calendar, { from: null, to: null });
  expect((await batches.next()).value).toHaveLength(1_000);
  // A file has nobody who could.
  if (url.startsWith('file:')) expect((await batches.next()).value).toHaveLength(1_000);
  else {
    expect(await runSql(url, END_READERS)).toHaveLength(1);
    await expect(Array.fromAsync(batches)).rejects.toThrow(/terminat|connection/i);
  }
  await batches.return();
  expect(await world.query('{ accounts { appId } }')).toBeTruthy();
});
