import { expect, it } from 'vitest';
import { mass, startSandbox, toAll } from './kit.ts';

const names = [
  'getarticlesummary',
  'getarticletotal',
  'getarticleread',
  'getarticleshare',
  'getbizsummary',
  'getarticletotaldetail',
];
const HOUR = 3_600_000;
const SENT = '2026-06-01';

async function startWithArticles(count: number) {
  const started = await startSandbox();
  const { call, clock, addNews, fetchToken } = started;
  const media_id = await addNews(...Array(count).fill('<p>Content</p>'));
  const { msg_data_id } = await call(mass('sendall'), { ...toAll, msgtype: 'mpnews', mpnews: { media_id } });
  await clock.advance(HOUR);
  /** Lets so many days pass, and a token with them. */
  const pass = async (days: number) => {
    await clock.advance(days * 24 * HOUR);
    await fetchToken();
  };
  const ask = (name: string, day: string, end = day): Promise<any> =>
    call(`/datacube/${name}`, { begin_date: day, end_date: end });
  return { ...started, ask, pass, msgid: (index: number) => `${msg_data_id}_${index}` };
}

it.each(names)(
  '%s refuses spans that are longer than a day, reversed or to come, and what is no date',
  async (name) => {
    await using started = await startWithArticles(1);
    const { ask, call } = started;
    expect(await ask(name, '2026-05-30', '2026-05-31')).toMatchObject({ errcode: 61501 });
    expect(await ask(name, '2026-05-31', '2026-05-30')).toMatchObject({ errcode: 61501 });
    expect(await ask(name, '2026-06-02')).toMatchObject({ errcode: 61501 });
    for (const day of ['20260531', '2026-02-30', '', '2026-05-31 08:00'])
      expect(await ask(name, day)).toMatchObject({ errcode: 61500 });
    expect(await call(`/datacube/${name}`, {})).toMatchObject({ errcode: 61500 });
  },
);

it.each(names)('%s wants a token and the method POST, and has nothing for today', async (name) => {
  await using started = await startWithArticles(1);
  const { sandbox, ask } = started;
  const get = await fetch(`${sandbox.url}/datacube/${name}?access_token=x`);
  expect(await get.json()).toMatchObject({ errcode: 43002 });
  const post = await fetch(`${sandbox.url}/datacube/${name}`, { method: 'POST', body: '{}' });
  expect(await post.json()).toMatchObject({ errcode: 41001 });
  expect(await ask(name, SENT)).toMatchObject({ list: [] });
});

it('has figures that decay by day and by position, and are the same whenever they are asked for', async () => {
  await using started = await startWithArticles(2);
  const { ask, pass, msgid } = started;
  await pass(8);
  const readers = async (day: string, index: number): Promise<number> =>
    (await ask('getarticleread', day)).list.find((item: any) => item.msgid === msgid(index))?.detail
      .read_user ?? 0;
  const days = ['2026-06-01', '2026-06-02', '2026-06-03', '2026-06-07', '2026-06-08'];
  const read = await Promise.all(days.map((day) => readers(day, 1)));
  expect(read).toEqual(read.toSorted((one, other) => other - one));
  expect(read[0]).toBeGreaterThan(read[1]!);
  expect(read.at(-1)).toBe(0);
  expect(read[0]).toBeGreaterThan(await readers(SENT, 2));
  expect(await ask('getarticleread', SENT)).toEqual(await ask('getarticleread', SENT));
});

it('sums up to each day what was read, in both countings alike, and for seven days and thirty', async () => {
  await using started = await startWithArticles(1);
  const { ask, pass, msgid } = started;
  await pass(8);
  const [total] = (await ask('getarticletotal', SENT)).list;
  const [detail] = (await ask('getarticletotaldetail', SENT)).list;
  expect(total).toMatchObject({ ref_date: SENT, msgid: msgid(1), title: 'Title' });
  expect(total.details).toHaveLength(7);
  expect(detail.detail_list).toHaveLength(8);
  const daily = await Promise.all(
    total.details.map(
      async ({ stat_date }: any) => (await ask('getarticleread', stat_date)).list[0]?.detail.read_user ?? 0,
    ),
  );
  const sums = daily.map((_, index) => daily.slice(0, index + 1).reduce((sum, read) => sum + read, 0));
  expect(total.details.map(({ int_page_read_user }: any) => int_page_read_user)).toEqual(sums);
  expect(detail.detail_list.slice(0, 7).map(({ read_user }: any) => read_user)).toEqual(sums);
});

it('splits readers up by where they came from', async () => {
  await using started = await startWithArticles(1);
  const { ask, pass } = started;
  await pass(1);
  const { list } = await ask('getarticlesummary', SENT);
  const [all, ...places] = list;
  expect(all).toMatchObject({ user_source: 99999999, ref_date: SENT });
  const sum = places.reduce((people: number, { int_page_read_user }: any) => people + int_page_read_user, 0);
  expect(sum).toBe(all.int_page_read_user);
  const [{ detail }] = (await ask('getbizsummary', SENT)).list;
  expect(detail).toMatchObject({ read_user: all.int_page_read_user, send_page_count: 1 });
});

it('knows nothing of what failed, and nothing from before the newer reports began', async () => {
  await using started = await startSandbox();
  const { call, clock, addNews, fetchToken, sandbox } = started;
  const media_id = await addNews('<p>Content</p>');
  sandbox.scriptPush({ status: 'err(10001)' });
  await call(mass('sendall'), { ...toAll, msgtype: 'mpnews', mpnews: { media_id } });
  await clock.advance(24 * HOUR);
  await fetchToken();
  for (const name of names) {
    const ask = (day: string) => call(`/datacube/${name}`, { begin_date: day, end_date: day });
    expect(await ask(SENT)).toMatchObject({ list: [] });
    expect(await ask('2025-10-31')).toMatchObject({ list: [] });
  }
});
