import { expect, it } from 'vitest';
import { mass, openIds, startReceiver, startSandbox, text, toAll, toTag } from './kit.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

async function startCounting(settings: Parameters<typeof startSandbox>[0] = {}) {
  const started = await startSandbox(settings);
  const { call, fetchToken, clock } = started;
  let count = 0;
  const send = async (audience: object) =>
    (await call(mass('touser' in audience ? 'send' : 'sendall'), { ...audience, ...text(`text ${count++}`) }))
      .errcode;
  const pass = async (milliseconds: number) => {
    await clock.advance(milliseconds);
    await fetchToken();
  };
  return { ...started, send, pass };
}

it('takes sixty sends within any minute', async () => {
  await using started = await startCounting();
  const { send, pass } = started;
  for (let count = 0; count < 30; count++) expect(await send(toTag(2))).toBe(0);
  await pass(30_000);
  for (let count = 0; count < 30; count++) expect(await send(toTag(2))).toBe(0);
  expect(await send(toTag(2))).toBe(45011);
  await pass(29_999);
  expect(await send(toTag(2))).toBe(45011);
  await pass(1);
  expect(await send(toTag(2))).toBe(0);
});

it('takes a hundred sends of a service account a Beijing day', async () => {
  await using started = await startCounting();
  const { send, pass } = started;
  for (let count = 0; count < 100; count++) {
    if (count === 50) await pass(60_000);
    expect(await send({ touser: openIds(2) })).toBe(0);
  }
  await pass(60_000);
  expect(await send({ touser: openIds(2) })).toBe(45009);
  // Midnight in Beijing is fourteen hours after ten in the morning.
  await pass(14 * HOUR - 121_000);
  expect(await send({ touser: openIds(2) })).toBe(45009);
  await pass(1000);
  expect(await send({ touser: openIds(2) })).toBe(0);
});

it('takes one send of a subscription account a day, to a tag or to all', async () => {
  await using started = await startCounting({ type: 'subscription' });
  const { send, pass } = started;
  expect(await send(toTag(2))).toBe(0);
  expect(await send(toTag(2))).toBe(45009);
  expect(await send(toAll)).toBe(45009);
  await pass(DAY);
  expect(await send(toAll)).toBe(0);
  expect(await send(toAll)).toBe(45028);
  expect(await send(toTag(2))).toBe(45009);
});

it('takes four sends to all of a service account a Beijing month', async () => {
  await using started = await startCounting();
  const { send, pass } = started;
  for (let count = 0; count < 4; count++) expect(await send(toAll)).toBe(0);
  expect(await send(toAll)).toBe(45028);
  expect(await send(toTag(2))).toBe(0);
  // The clock begins on the first of June, at ten in the morning.
  await pass(30 * DAY - 10 * HOUR - 1000);
  expect(await send(toAll)).toBe(45028);
  await pass(1000);
  expect(await send(toAll)).toBe(0);
});

it('counts only sends that were accepted for the day', async () => {
  await using started = await startCounting({ limits: { callsPerDay: 1 } });
  const { send, call } = started;
  expect(await send(toTag(999))).toBe(40050);
  expect(await call(mass('sendall'), { ...toTag(2), ...text('a'), clientmsgid: 'x' })).toMatchObject({
    errcode: 0,
  });
  expect(await send(toTag(2))).toBe(45009);
});

it('recognises a repeat before it looks at quotas', async () => {
  await using started = await startCounting({ limits: { callsPerDay: 1 } });
  const { call } = started;
  const send = () => call(mass('sendall'), { ...toTag(2), ...text('a'), clientmsgid: 'x' });
  expect(await send()).toMatchObject({ errcode: 0 });
  expect(await send()).toMatchObject({ errcode: 45065 });
});

it('counts every call of a minute, whatever comes of it', async () => {
  await using started = await startCounting({ limits: { callsPerMinute: 2 } });
  const { call } = started;
  const send = (tag: number) =>
    call(mass('sendall'), { ...toTag(tag), ...text('a'), clientmsgid: 'x' }).then(({ errcode }) => errcode);
  expect([await send(2), await send(2), await send(2)]).toEqual([0, 45065, 45011]);
});

it('counts previews by WeChat name, and no others', async () => {
  await using started = await startCounting({ limits: { previewsPerDay: 2 } });
  const { call, pass } = started;
  const preview = async (recipient: object) =>
    (await call(mass('preview'), { ...recipient, ...text('hello') })).errcode;
  const byName = { towxname: 'wx_editor' };
  expect([await preview(byName), await preview(byName), await preview(byName)]).toEqual([0, 0, 45009]);
  expect(await preview({ touser: openIds(1)[0] })).toBe(0);
  await pass(DAY);
  expect(await preview(byName)).toBe(0);
});

it('filters followers who have had their four of the month, and goes on', async () => {
  await using receiver = await startReceiver();
  await using started = await startCounting({ callbackToken: 'token', callbackUrl: receiver.url });
  const { sandbox, send, clock, pass } = started;
  const counts = async (audience: object) => {
    const pushed = sandbox.waitFor('push');
    expect(await send(audience)).toBe(0);
    await clock.advance(1000);
    const { xml } = await pushed;
    return ['TotalCount', 'FilterCount'].map((name) => Number(xml.match(`<${name}>(\\d+)`)?.[1]));
  };
  for (let count = 0; count < 4; count++) expect(await counts({ touser: openIds(3) })).toEqual([3, 3]);
  expect(await counts({ touser: openIds(5) })).toEqual([5, 2]);
  await pass(30 * DAY);
  expect(await counts({ touser: openIds(5) })).toEqual([5, 5]);
});
