import type { ChildProcess } from 'node:child_process';
import { expect, it, vi } from 'vitest';
import { askedFor, REPORTS, rowsOf, syncHasLooked } from '../kit/analytics.ts';
import { sync } from '../kit/commands.ts';
import { until } from '../kit/until.ts';
import { createWorld } from '../kit/world.ts';

it('fetches a span from the command line, beside the gateway', async () => {
  await using world = await createWorld();
  const { appId } = world;
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

it('ends with a code of its own where WeChat did not give everything', async () => {
  await using world = await createWorld();
  world.sandbox.script(REPORTS.ARTICLE_TOTAL, { errcode: 45009 });
  expect(await sync(world, ['--from', '2025-12-01', '--to', '2025-12-01'])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('some analytics did not come'),
  });
});

it('fetches a span of months', async () => {
  await using world = await createWorld();
  const { code, stdout } = await sync(world, ['--from', '2025-09-01', '--to', '2025-10-05']);
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ days: 35, calls: 70 });
});

it('says that it did not come to the end where it is stopped', async () => {
  await using world = await createWorld();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  world.sandbox.script(REPORTS.ARTICLE_TOTAL, { gate, when: 'before' });
  let child: ChildProcess | undefined;
  const ended = sync(world, ['--from', '2025-12-01', '--to', '2025-12-02'], {}, (started) => {
    child = started;
  });
  await vi.waitFor(() => expect(askedFor(world)).toHaveLength(2), 20_000);
  let said = '';
  child?.stdout?.on('data', (chunk) => {
    said += chunk;
  });
  child?.kill('SIGTERM');
  // A signal takes its time, in which a call that is answered is followed by the next.
  await until(() => said.includes('it ends after the call under way'));
  // Its second signal would end it at once; the first waits for the call under way.
  open();
  expect(await ended).toMatchObject({ code: 1, stderr: expect.stringMatching(/stopped before/) });
  expect(askedFor(world)).toHaveLength(2);
});

it('says in a sentence that the database is away', async () => {
  await using world = await createWorld();
  const { code, stderr } = await sync(world, [], { DATABASE_URL: 'postgres://reports:secret@127.0.0.1:1/x' });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^the database could not be opened: .*ECONNREFUSED.*\n$/);
});
