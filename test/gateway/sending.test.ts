import { eq } from 'drizzle-orm';
import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { listCampaigns, readCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { withDatabase } from '../kit/seed.ts';
import { createWorld } from '../kit/world.ts';

/** Real time: a gate holds an answer for as long as the test wants, so the call must not give up before. */
const PATIENT = { env: { WECHAT_TIMEOUT_MS: '20000' } };

it('sends a text to a tag and tells its result once WeChat has pushed it', async () => {
  await using world = await createWorld();
  const { campaign, ...rest } = await send(world, textToTag('one', { label: 'first' }));
  expect(rest).toEqual({ __typename: 'MassSendSuccess', replayed: false });
  const [accepted] = world.sandbox.sends(world.appId);
  expect(campaign).toMatchObject({ status: 'SENDING', msgId: accepted?.msgId, msgDataId: null });
  const pushed = world.sandbox.waitFor('push');
  await world.clock.advance(5_000);
  await pushed;
  expect(await readCampaign(world, campaign.id)).toMatchObject({
    status: 'SENT',
    msgId: accepted?.msgId,
    audience: { kind: 'TAG', tagId: 100, recipients: 2450 },
    counts: { total: 2450, eligible: 2400, sent: 2400, failed: 0 },
    failure: null,
    articles: [],
    submittedAt: '2026-06-01T02:00:00.000Z',
    deletedAt: null,
  });
});

it('has the intent committed, and says SUBMITTING, before WeChat has done anything', async () => {
  await using world = await createWorld(PATIENT);
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'before' });
  const called = nextRequest(world, SENDALL);
  const answer = send(world, textToTag('held'));
  const { body } = await called;
  const [campaign] = await listCampaigns(world);
  expect(campaign?.status).toBe('SUBMITTING');
  const [stored] = await withDatabase(world, ({ read, tables: t }) =>
    read
      .select({ status: t.jobs.status, body: t.jobRequests.body })
      .from(t.jobs)
      .innerJoin(t.jobRequests, eq(t.jobRequests.jobId, t.jobs.id)),
  );
  expect(stored).toEqual({ status: 'SUBMITTING', body });
  expect(world.sandbox.sends(world.appId)).toEqual([]);
  gate.resolve();
  expect(await answer).toMatchObject({ campaign: { id: campaign?.id, status: 'SENDING' } });
});

it('answers after ten seconds with what is known by then, and sees the send through all the same', async () => {
  await using world = await createWorld(PATIENT);
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'after' });
  const waiting = world.clock.waitForTimer(10_000);
  const accepted = world.sandbox.waitFor('accepted');
  const answer = send(world, textToTag('slow'));
  await Promise.all([waiting, accepted]);
  await world.clock.advance(10_000);
  const { campaign, replayed } = await answer;
  expect({ status: campaign.status, msgId: campaign.msgId, replayed }).toEqual({
    status: 'SUBMITTING',
    msgId: null,
    replayed: false,
  });
  gate.resolve();
  const { msgId } = await accepted;
  expect((await untilStatus(world, campaign.id, 'SENT')).msgId).toBe(msgId);
});

it('hands the sends of an account to WeChat one after another', async () => {
  await using world = await createWorld(PATIENT);
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>());
  world.sandbox.script(SENDALL, ...gates.map(({ promise }) => ({ gate: promise, when: 'after' as const })));
  let called = nextRequest(world, SENDALL);
  const answers = ['a', 'b', 'c'].map((key) => send(world, textToTag(key)));
  for (const [index, gate] of gates.entries()) {
    await called;
    expect(requestsTo(world, SENDALL)).toHaveLength(index + 1);
    called = nextRequest(world, SENDALL);
    gate.resolve();
  }
  const statuses = (await Promise.all(answers)).map(({ campaign }) => campaign.status);
  expect(statuses).toEqual(['SENDING', 'SENDING', 'SENDING']);
});

it('does not let one account wait for another', async () => {
  const other = { appId: 'wx2222222222222222', appSecret: 'another secret', type: 'service' } as const;
  await using world = await createWorld({ ...PATIENT, others: [other] });
  const gate = Promise.withResolvers<void>();
  const held = { gate: gate.promise, when: 'before' } as const;
  world.sandbox.script(SENDALL, held, held);
  const accounts = [world.appId, other.appId];
  const first = nextRequest(world, SENDALL);
  const answers = [send(world, textToTag('same key', { account: accounts[0] }))];
  await first;
  const second = nextRequest(world, SENDALL);
  answers.push(send(world, textToTag('same key', { account: accounts[1] })));
  await second;
  gate.resolve();
  const campaigns = (await Promise.all(answers)).map(({ campaign }) => campaign);
  expect(campaigns.map(({ status }) => status)).toEqual(['SENDING', 'SENDING']);
  expect(new Set(campaigns.map(({ id }) => id)).size).toBe(2);
  expect(accounts.map((appId) => world.sandbox.sends(appId).length)).toEqual([1, 1]);
});

it('hands WeChat at most sixty sends a minute, and lets the next wait without an error', async () => {
  await using world = await createWorld();
  const answers = Array.from({ length: 60 }, (_, index) => send(world, textToTag(`key ${index}`)));
  const statuses = (await Promise.all(answers)).map(({ campaign }) => campaign.status);
  expect(new Set(statuses)).toEqual(new Set(['SENDING']));
  const asleep = world.clock.waitForTimer(10_000);
  const next = send(world, textToTag('key 60'));
  await asleep;
  await world.clock.advance(10_000);
  const waiting = await next;
  expect(waiting.campaign.status).toBe('PENDING');
  await world.clock.advance(49_999);
  expect(requestsTo(world, SENDALL)).toHaveLength(60);
  const last = world.sandbox.waitFor('accepted');
  await world.clock.advance(1);
  await last;
  expect(requestsTo(world, SENDALL)).toHaveLength(61);
  await untilStatus(world, waiting.campaign.id, 'SENDING');
});
