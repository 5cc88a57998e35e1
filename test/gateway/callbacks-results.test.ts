import { expect, it } from 'vitest';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { readEvents, takeEvents } from '../kit/event-reading.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const SENDALL = '/cgi-bin/message/mass/sendall';
const nameOf = (event: { __typename: string; status?: string }) => event.status ?? event.__typename;

const push = (world: World, xml: string) => postPush(world, signed(world, xml));

const countOf = async (world: World, table: string): Promise<number> =>
  Number((await runSql(world.config.databaseUrl, `select count(*) as rows from ${table}`))[0]?.rows);

it('stores a result that is delivered again and again once, and tells it once', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one'));
  await using events = await readEvents(world, 'SSE', { campaign: campaign.id });
  const xml = resultXml({ msgId: campaign.msgId });
  const answers = await Promise.all(Array.from({ length: 10 }, () => push(world, xml)));
  expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['success']));
  expect(await countOf(world, 'pushes')).toBe(1);
  await push(world, resultXml({ msgId: campaign.msgId, status: 'sendsuccess' }));
  expect((await takeEvents(events, 3)).map((event) => event.rawStatus ?? event.status)).toEqual([
    'send success',
    'SENT',
    'sendsuccess',
  ]);
});

it('keeps a result that comes again with other contents, and the last one is current', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one'));
  const first = resultXml({ msgId: campaign.msgId });
  const counts = { total: 10, eligible: 9, sent: 8, failed: 1 };
  await push(world, first);
  await push(world, resultXml({ msgId: campaign.msgId, counts }));
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT', counts });
  // The first once more, delayed on its way: it is known, and changes nothing.
  await push(world, first);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT', counts });
  await push(world, resultXml({ msgId: campaign.msgId, status: 'err(10001)', counts }));
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'FAILED',
    failure: { code: 10001, rawStatus: 'err(10001)' },
  });
  expect(await countOf(world, 'pushes')).toBe(3);
});

it('attaches a result that overtakes the answer of its own send', async () => {
  await using world = await createWorld();
  world.sandbox.scriptPush({ early: true });
  const { campaign } = await send(world, textToTag('one'));
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT', counts: { sent: 2400 } });
  await using events = await readEvents(world, 'SSE', { after: '0' });
  const told = await takeEvents(events, 5);
  expect(told.map(nameOf)).toEqual(['PENDING', 'SUBMITTING', 'SENDING', 'MassSendJobFinished', 'SENT']);
  expect(told.map((event) => event.campaign?.id)).toEqual(told.map(() => campaign.id));
});

it('attaches a result that comes while the outcome of its send is unknown, for all who listen', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { drop: 'after' });
  const { campaign } = await send(world, textToTag('one'));
  await using live = await readEvents(world, 'SSE', { campaign: campaign.id });
  const pushed = world.sandbox.waitFor('push');
  await world.clock.advance(5_000);
  await pushed;
  await world.clock.advance(60_000);
  await untilStatus(world, campaign.id, 'SENT');
  const wanted = ['SENDING', 'MassSendJobFinished', 'SENT'];
  expect((await takeEvents(live, 3)).map(nameOf).toSorted()).toEqual(wanted.toSorted());
  await using missed = await readEvents(world, 'SSE', { after: '0' });
  const all = await takeEvents(missed, 6);
  expect(all.map((event) => event.campaign?.id)).toEqual(all.map(() => campaign.id));
  expect(all.filter(({ __typename }) => __typename === 'MassSendJobFinished')).toHaveLength(1);
});

it('keeps a result of a send that was made elsewhere, and shows it with no campaign', async () => {
  await using world = await createWorld();
  await sendThrough(world, textToTag('one'));
  await using events = await readEvents(world, 'SSE');
  await push(world, resultXml({ msgId: '3147483648', status: 'err(20008)' }));
  expect(await takeEvents(events, 1)).toMatchObject([
    { __typename: 'MassSendJobFinished', msgId: '3147483648', rawStatus: 'err(20008)', campaign: null },
  ]);
  expect(await world.query('{ campaignByMsgId(msgId: "3147483648") { id } }')).toEqual({
    campaignByMsgId: null,
  });
  expect(
    await runSql(world.config.databaseUrl, `select raw from pushes where msg_id = '3147483648'`),
  ).toHaveLength(1);
});

it('does not hold a result of a send made elsewhere back for longer than a call is under way', async () => {
  await using world = await createWorld();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate, when: 'before' });
  const arrived = world.sandbox.waitFor('request', ({ path }) => path === SENDALL);
  const sending = send(world, textToTag('one'));
  await arrived;
  await push(world, resultXml({ msgId: '3147483648' }));
  open();
  const { campaign } = await sending;
  await using events = await readEvents(world, 'SSE', { after: '0' });
  const told = await takeEvents(events, 4);
  expect(told.map((event) => [nameOf(event), event.campaign?.id ?? null])).toEqual([
    ['PENDING', campaign.id],
    ['SUBMITTING', campaign.id],
    ['SENDING', campaign.id],
    ['MassSendJobFinished', null],
  ]);
});

it('shows a result that waited for an unknown outcome with no campaign once nothing will be asked any more', async () => {
  await using world = await createWorld({ env: { RETRY_PAUSE_MS: '3600000' } });
  world.sandbox.script(SENDALL, { drop: 'after' }, ...Array(30).fill({ drop: 'before' }));
  world.sandbox.scriptPush({ lost: true });
  const { campaign } = await send(world, textToTag('one'));
  await using events = await readEvents(world, 'SSE');
  await push(world, resultXml({ msgId: '3147483648' }));
  await world.clock.advance(25 * 3_600_000);
  expect(await takeEvents(events, 1)).toMatchObject([{ msgId: '3147483648', campaign: null }]);
  expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'UNKNOWN' });
});

it.each(['pushes', 'events'])(
  'asks WeChat to come again while %s cannot be written, and then stores the result once',
  async (table) => {
    await using world = await createWorld();
    const { campaign } = await send(world, textToTag('one'));
    const xml = resultXml({ msgId: campaign.msgId, status: 'sendsuccess' });
    await using missing = await takeTableAway(world.config.databaseUrl, table);
    const lines = world.log.length;
    expect(await push(world, xml)).toEqual({ status: 500, body: 'try again' });
    // The engine looks for pushes, too, and may stumble over the table that is missing.
    const told = world.log
      .slice(lines)
      .filter(({ message }) => message !== 'the delivery engine stumbled; it goes on');
    expect(told).toMatchObject([{ level: 'error', message: 'push not stored, WeChat will repeat it' }]);
    expect(JSON.stringify(world.log.slice(lines))).not.toContain('sendsuccess');
    await missing.putBack();
    expect(await countOf(world, 'pushes')).toBe(0);
    expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENDING' });

    expect(await push(world, xml)).toEqual({ status: 200, body: 'success' });
    expect(await countOf(world, 'pushes')).toBe(1);
    expect(await readCampaign(world, campaign.id)).toMatchObject({ status: 'SENT', counts: { sent: 75 } });
  },
);

it('gets a result that could not be stored from WeChat itself five seconds later', async () => {
  await using world = await createWorld();
  await using missing = await takeTableAway(world.config.databaseUrl, 'pushes');
  const refused = world.sandbox.waitFor('push', ({ attempt }) => attempt === 1);
  const pushing = world.sandbox.push(world.appId, resultXml({ msgId: '3147483648' }));
  expect(await refused).toMatchObject({ accepted: false, answer: { status: 500 } });
  await missing.putBack();
  await world.clock.waitForTimer(5_000);
  await world.clock.advance(5_000);
  expect(await pushing).toBe(true);
  expect(await countOf(world, 'pushes')).toBe(1);
});
