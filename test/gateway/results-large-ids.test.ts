import { expect, it } from 'vitest';
import { finishedXml } from '../callback/kit.ts';
import { deleteMass, makeNews, send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { DELETE, nextRequest, PREVIEW, requestsTo, SENDALL, STATUS } from '../kit/endpoints.ts';
import { firstEvents } from '../kit/event-reading.ts';
import { createWorld, type World } from '../kit/world.ts';

// Neither is a number that a double can hold.
const MSG_ID = '90261533849829379';
const MSG_DATA_ID = '18446744073709551615';
const MINUTE = 60_000;

const answer = (fields: string) => ({ body: `{"errcode":0,"errmsg":"ok",${fields}}` });

async function sendNews(world: World): Promise<any> {
  world.sandbox.script(SENDALL, answer(`"msg_id":${MSG_ID},"msg_data_id":${MSG_DATA_ID}`));
  const mediaId = await makeNews(world, 1);
  const input = { audience: { tagId: 2 }, message: { mpnews: { mediaId } } };
  return (await send(world, { idempotencyKey: 'large', ...input })).campaign;
}

const finished = finishedXml({ msgId: MSG_ID });

it('keeps every digit of large ids from the answer to the API', async () => {
  await using world = await createWorld();
  const { id } = await sendNews(world);
  expect(await readCampaign(world, id)).toMatchObject({
    msgId: MSG_ID,
    msgDataId: MSG_DATA_ID,
    jobs: [{ msgId: MSG_ID, msgDataId: MSG_DATA_ID }],
    articles: [{ analyticsMsgId: `${MSG_DATA_ID}_1` }],
  });
  const query = `query ($msgId: ID!, $msgDataId: ID!) {
    campaignByMsgId(msgId: $msgId) { id }
    byMsgId: campaigns(filter: { msgId: $msgId }) { nodes { id } }
    byMsgDataId: campaigns(filter: { msgDataId: $msgDataId }) { nodes { id } }
  }`;
  expect(await world.query(query, { msgId: MSG_ID, msgDataId: MSG_DATA_ID })).toEqual({
    campaignByMsgId: { id },
    byMsgId: { nodes: [{ id }] },
    byMsgDataId: { nodes: [{ id }] },
  });
  const neighbour = String(BigInt(MSG_ID) - 1n);
  expect(await world.query(query, { msgId: neighbour, msgDataId: neighbour })).toEqual({
    campaignByMsgId: null,
    byMsgId: { nodes: [] },
    byMsgDataId: { nodes: [] },
  });
});

it('keeps them in an answer that has them as strings, and in 45065', async () => {
  await using world = await createWorld();
  world.sandbox.script(SENDALL, answer(`"msg_id":"${MSG_ID}"`));
  expect((await send(world, textToTag('string'))).campaign.msgId).toBe(MSG_ID);
  const other = String(BigInt(MSG_ID) + 2n);
  world.sandbox.script(SENDALL, { body: `{"errcode":45065,"errmsg":"clientmsgid exist","msg_id":${other}}` });
  expect((await send(world, textToTag('exists'))).campaign.msgId).toBe(other);
});

it('finds the send of a result event by them, and none beside it', async () => {
  await using world = await createWorld();
  const { id } = await sendNews(world);
  await world.sandbox.push(world.appId, finishedXml({ msgId: String(BigInt(MSG_ID) - 1n) }));
  await world.sandbox.push(world.appId, finished);
  expect(await untilStatus(world, id, 'SENT')).toMatchObject({ counts: { sent: 75 } });
  const events = (await firstEvents(world, 6)).filter(({ rawStatus }) => rawStatus);
  expect(events.map(({ msgId, campaign }) => [msgId, campaign?.id ?? null])).toEqual([
    [String(BigInt(MSG_ID) - 1n), null],
    [MSG_ID, id],
  ]);
});

it('asks WeChat for them digit by digit', async () => {
  await using world = await createWorld();
  const { id } = await sendNews(world);
  world.sandbox.script(STATUS, { body: `{"msg_id":${MSG_ID},"msg_status":"SEND_SUCCESS"}` });
  await world.clock.waitForTimer(MINUTE);
  const asked = nextRequest(world, STATUS);
  await world.clock.advance(MINUTE);
  expect((await asked).body).toContain(`"${MSG_ID}"`);
  await untilStatus(world, id, 'SENT');
  world.sandbox.script(STATUS, { body: `{"msg_id":"${MSG_ID}","msg_status":"DELETE"}` });
  const query = `query ($msgId: ID!) { messageStatus(msgId: $msgId) {
    ... on MessageStatus { msgId status campaign { id status } } } }`;
  const { messageStatus } = await world.query<any>(query, { msgId: MSG_ID });
  expect(messageStatus).toEqual({ msgId: MSG_ID, status: 'DELETED', campaign: { id, status: 'DELETED' } });
});

it('deletes by them as numbers', async () => {
  await using world = await createWorld();
  const { id } = await sendNews(world);
  await world.sandbox.push(world.appId, finished);
  await untilStatus(world, id, 'SENT');
  world.sandbox.script(DELETE, { body: '{"errcode":0,"errmsg":"ok"}' });
  expect(await deleteMass(world, { msgId: MSG_ID })).toMatchObject({ campaign: { id, status: 'DELETED' } });
  expect(requestsTo(world, DELETE).at(-1)?.body).toBe(`{"msg_id":${MSG_ID}}`);
});

it('passes the id of a preview on', async () => {
  await using world = await createWorld();
  world.sandbox.script(PREVIEW, answer(`"msg_id":${MSG_ID}`));
  const query = `mutation { preview(input: { to: { openId: "oSandbox_00001" }, message: { text: { content: "a" } } }) {
    ... on PreviewSuccess { msgId } } }`;
  expect(await world.query(query)).toEqual({ preview: { msgId: MSG_ID } });
});
