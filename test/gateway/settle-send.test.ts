import { expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { finishedXml } from '../callback/kit.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { readEvents } from '../kit/event-reading.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const HOUR = 3_600_000;
const SETTLE = `mutation ($jobId: ID!, $msgId: ID) {
  settleSend(jobId: $jobId, msgId: $msgId) {
    __typename
    ... on SettleSendSuccess { campaign { id status msgId } }
    ... on InvalidInputError { issues { path message } }
  }
}`;

const settle = async (world: World, jobId: string, msgId: string | null = null) =>
  (await world.query<any>(SETTLE, { jobId, msgId })).settleSend;

/** A send that was perhaps carried out, and that WeChat is asked for no more. */
async function loseForGood(world: World): Promise<{ campaignId: string; jobId: string }> {
  world.sandbox.script(SENDALL, ...Array<Fault>(100).fill({ errcode: -1 }));
  const { campaign } = await send(world, textToTag('lost'));
  await world.clock.advance(25 * HOUR);
  await world.restart();
  const askedAgain = `select id from jobs where status = 'UNKNOWN' and next_attempt_at is not null`;
  await expect.poll(() => runSql(world.config.databaseUrl, askedAgain)).toEqual([]);
  const { jobs } = await readCampaign(world, campaign.id);
  return { campaignId: campaign.id, jobId: jobs[0].id };
}

it('ends a send that was not carried out, as somebody has found, and lets it be sent under another key', async () => {
  await using world = await createWorld();
  const { campaignId, jobId } = await loseForGood(world);
  const asked = requestsTo(world, SENDALL).length;
  expect(await settle(world, jobId)).toEqual({
    __typename: 'SettleSendSuccess',
    campaign: { id: campaignId, status: 'FAILED', msgId: null },
  });
  expect((await readCampaign(world, campaignId)).failure).toMatchObject({ code: null, retryable: true });
  expect(requestsTo(world, SENDALL)).toHaveLength(asked);
  const { auditTrail } = await world.query<any>(
    '{ auditTrail(first: 1) { nodes { action target outcome } } }',
  );
  expect(auditTrail.nodes).toEqual([{ action: 'settleSend', target: campaignId, outcome: 'DONE' }]);
  expect(await settle(world, jobId)).toMatchObject({
    issues: [{ path: ['jobId'], message: 'is not UNKNOWN: its outcome is known' }],
  });
});

it('gives a send that was carried out its id, and the result that came without a campaign', async () => {
  await using world = await createWorld();
  const { campaignId, jobId } = await loseForGood(world);
  const counts =
    '<TotalCount>20</TotalCount><FilterCount>18</FilterCount><SentCount>17</SentCount><ErrorCount>1</ErrorCount>';
  await world.sandbox.push(world.appId, finishedXml({ msgId: '4000000001', counts }));
  await using events = await readEvents(world, 'SSE', { after: '0' });
  await events.until(({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign === null);
  expect(await settle(world, jobId, '4000000001')).toMatchObject({
    campaign: { id: campaignId, status: 'SENT', msgId: '4000000001' },
  });
  expect((await readCampaign(world, campaignId)).counts).toMatchObject({ sent: 17 });
  await events.until(
    ({ events: { msgId, campaign } }) => msgId === '4000000001' && campaign?.id === campaignId,
  );
});

it('asks WeChat for the result of a send that was given its id, where none was pushed', async () => {
  await using world = await createWorld();
  const { campaignId, jobId } = await loseForGood(world);
  world.sandbox.script('/cgi-bin/message/mass/get', {
    body: '{"msg_id":4000000001,"msg_status":"SEND_SUCCESS"}',
  });
  expect(await settle(world, jobId, '4000000001')).toMatchObject({ campaign: { status: 'SENDING' } });
  await untilStatus(world, campaignId, 'SENT');
});

it('settles nothing that WeChat may yet explain, that is not here, or by the id of another send', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: -1 });
  const { campaign } = await send(world, textToTag('fresh'));
  const { jobs } = await readCampaign(world, campaign.id);
  expect((await settle(world, jobs[0].id)).issues).toEqual([
    { path: ['jobId'], message: expect.stringContaining('still asked of WeChat') },
  ]);
  expect((await settle(world, 'job_none')).issues).toEqual([
    { path: ['jobId'], message: 'is not a job of this gateway' },
  ]);
  expect((await settle(world, jobs[0].id, 'one')).issues).toMatchObject([{ path: ['msgId'] }]);
  const other = await send(world, textToTag('other'));
  const { jobId } = await loseForGood(world);
  expect((await settle(world, jobId, other.campaign.msgId)).issues).toEqual([
    { path: ['msgId'], message: `is that of another send, of the campaign ${other.campaign.id}` },
  ]);
});

it('settles on a held copy what WeChat has forgotten, and nothing of an account that is not configured', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: -1 });
  const { campaign } = await send(world, textToTag('lost'));
  const { jobs } = await readCampaign(world, campaign.id);
  await runSql(world.config.databaseUrl, "update instance set place = 'elsewhere'");
  await world.restart();
  await world.clock.advance(25 * HOUR);
  const { accounts } = world.config;
  await world.restart({ accounts: accounts.map((account) => ({ ...account, appId: 'wx9999999999999999' })) });
  expect((await settle(world, jobs[0].id)).issues).toEqual([
    { path: ['jobId'], message: 'is not a job of this gateway' },
  ]);
  await world.restart({ accounts });
  expect(await settle(world, jobs[0].id)).toMatchObject({ campaign: { status: 'FAILED' } });
});

it('settles on a held copy what was asked for again just when the copy was made', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, { errcode: -1 });
  const { campaign } = await send(world, textToTag('lost'));
  const { jobs } = await readCampaign(world, campaign.id);
  await runSql(world.config.databaseUrl, 'update jobs set lease_until = next_attempt_at');
  await runSql(world.config.databaseUrl, "update instance set place = 'elsewhere'");
  await world.restart();
  await world.clock.advance(25 * HOUR);
  expect(await settle(world, jobs[0].id)).toMatchObject({ campaign: { status: 'FAILED' } });
});
