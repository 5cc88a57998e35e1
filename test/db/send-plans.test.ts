import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { withoutPeeking } from '../../src/db/sqlite.ts';
import { deleteMass, makeNews, send, sendThrough, textToTag } from '../kit/actions.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { SENDALL } from '../kit/endpoints.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import { createWorld } from '../kit/world.ts';

const MINUTE = 60_000;

/** They grow with every send. */
const GROWING = [
  'campaigns',
  'jobs',
  'job_articles',
  'copyright_results',
  'pushes',
  'events',
  'calls',
  'audit',
];

/** Goes through a table, or through all of an account in it, or all that is old. The index of what is not told has nothing else in it. */
const THROUGH_ALL = new RegExp(
  `^(SCAN (${GROWING.join('|')})\\b|SEARCH (${GROWING.join('|')}) USING (?!INDEX pushes_untold).*\\((app_id|status|untold)=\\?( AND (counts_at|created_at|at)<\\?)?\\)$)`,
);

/** Ends with the first row of an index. */
const isFirstRow = (sql: string): boolean =>
  /^select min\([^,]*$/.test(sql.split(' from ')[0] ?? '') ||
  /from "audit" order by "audit"."id" desc limit \?$/.test(sql);

it('asks nothing on the way of a send that takes longer the more was sent before', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 2);
  const started = world.sql.length;
  const { msgId } = await sendThrough(world, { ...textToTag('news'), message: { mpnews: { mediaId } } });
  world.sandbox.script(SENDALL, { errcode: -1 });
  const { campaign: unknown } = await send(world, textToTag('unknown'));
  await pushForeignResults(world, 1);
  await world.clock.waitForTimer(MINUTE);
  await world.clock.advance(MINUTE);
  await untilStatus(world, unknown.id, 'SENDING');
  await deleteMass(world, { msgId });

  const asked = new Set(world.sql.slice(started).filter((sql) => /^(select|update|delete) /.test(sql)));
  const file = new Sqlite(world.config.databaseUrl.slice('file:'.length), { readonly: true });
  const slow = [...asked].flatMap((sql) => {
    const nothing = Array(sql.match(/\?/g)?.length ?? 0).fill(null);
    const steps = file.prepare(`explain query plan ${withoutPeeking(sql)}`).all(...nothing) as {
      detail: string;
    }[];
    return steps
      .filter(({ detail }) => THROUGH_ALL.test(detail) && !isFirstRow(sql))
      .map(({ detail }) => `${detail}: ${sql}`);
  });
  file.close();
  expect(slow).toEqual([]);
});
