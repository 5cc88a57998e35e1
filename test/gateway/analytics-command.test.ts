import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { addDays, dayInBeijing } from '../../src/campaigns/days.ts';
import { askedFor, REPORTS, rowsOf, syncHasLooked } from '../kit/analytics.ts';
import { createWorld, type World } from '../kit/world.ts';

const SCRIPT = join(import.meta.dirname, '../../scripts/sync.ts');
const { appSecret, appId } = { appId: 'wx1111111111111111', appSecret: 'a secret of the first account' };

/** `npm run sync`, with real time and the settings of the world's gateway. */
async function sync(world: World, args: string[], env: Record<string, string> = {}) {
  const settings = {
    PATH: process.env.PATH ?? '',
    DATABASE_URL: world.config.databaseUrl,
    WECHAT_API_BASE_URL: world.sandbox.url,
    WECHAT_APP_ID: appId,
    WECHAT_APP_SECRET: appSecret,
    WECHAT_CALLBACK_TOKEN: 'callbacktoken',
    ...env,
  };
  return promisify(execFile)(process.execPath, [SCRIPT, ...args], { env: settings }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

it('fetches a span from the command line, beside the gateway', async () => {
  await using world = await createWorld();
  await syncHasLooked(world);
  // The sandbox lives in the test's time, so these are days that both know to be over.
  const body = JSON.stringify({
    list: [{ ref_date: '2025-12-01', msgid: '1_1', detail: { read_user: 5 } }],
    is_delay: false,
  });
  world.sandbox.script(REPORTS.ARTICLE_READ, { body });
  const { code, stdout } = await sync(world, [
    '--from',
    '2025-12-01',
    '--to',
    '2025-12-02',
    '--account',
    appId,
  ]);
  expect(code).toBe(0);
  const line = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  expect(line).toMatchObject({ msg: 'analytics fetched', appId, days: 2, calls: 12, rows: 1, failures: 0 });
  expect(askedFor(world)).toHaveLength(12);
  expect(await rowsOf(world, 'article_daily')).toHaveLength(1);
  expect(await rowsOf(world, 'analytics_answers', 'report, day')).toHaveLength(12);
  expect((await world.query<any>('{ accounts { appId } }')).accounts).toEqual([{ appId }]);
});

it('says what is wrong with how it is called, and asks nothing', async () => {
  await using world = await createWorld();
  const tomorrow = addDays(dayInBeijing(new Date()), 1);
  const wrong: [string[], number, RegExp][] = [
    [['--from', '2025-12-02', '--to', '2025-12-01'], 64, /--from must not be after to/],
    [['--from', '2025-12-2'], 64, /YYYY-MM-DD/],
    [['--to', tomorrow], 64, /yesterday in Beijing/],
    [['--until', '2025-12-02'], 64, /npm run sync/],
    [['--account', 'wxother'], 78, /not a configured account/],
  ];
  const ended = await Promise.all(wrong.map(([args]) => sync(world, args)));
  for (const [index, [, code, message]] of wrong.entries()) {
    expect(ended[index]).toMatchObject({ code, stderr: expect.stringMatching(message) });
  }
  expect(askedFor(world)).toEqual([]);
});

it('ends with a code of its own where WeChat did not give everything', async () => {
  await using world = await createWorld();
  world.sandbox.script(REPORTS.ARTICLE_TOTAL, { errcode: 45009 });
  expect(await sync(world, ['--from', '2025-12-01', '--to', '2025-12-01'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('some analytics did not come'),
  });
});
