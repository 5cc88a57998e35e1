import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { SENDALL, STATUS } from '../kit/endpoints.ts';
import { postPush, resultXml, signed } from '../kit/pushes.ts';
import { takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const linesOf = ({ log }: World, message: string | RegExp): Record<string, unknown>[] =>
  log
    .filter((line) => (typeof message === 'string' ? line.message === message : message.test(line.message)))
    .map(({ context }) => context as Record<string, unknown>);

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/;

it('gives every line about a request the id of that request, whoever writes it', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('one'));
  await world.query('{ account { tags { id } } }');
  await postPush(world, signed(world, '<xml></xml>', { token: 'wrong' }));
  await postPush(world, signed(world, resultXml({ msgId: campaign.msgId })));
  {
    await using _ = await takeTableAway(world.config.databaseUrl, 'campaigns');
    await world.post({ query: '{ campaigns { nodes { id } } }' });
  }
  const messages = [
    'a send was taken in',
    'push refused',
    'WeChat told the result of a send',
    'a request failed',
  ];
  const ids = messages.map((message) => linesOf(world, message).map(({ requestId }) => requestId));
  for (const [index, found] of ids.entries()) {
    expect(found, messages[index]).not.toEqual([]);
    for (const id of found) expect(id, messages[index]).toMatch(UUID);
  }
  expect(linesOf(world, 'WeChat answered').filter(({ endpoint }) => endpoint === 'getTags')).toEqual([
    expect.objectContaining({ requestId: expect.stringMatching(UUID) }),
  ]);
  // Each request has its own.
  expect(new Set(ids.flat()).size).toBe(ids.flat().length);
});

it('gives every line about a campaign the ids of it and of its job, from the request to the result', async () => {
  await using world = await createWorld({ env: { STATUS_POLL_MS: '1000' } });
  world.sandbox.script(SENDALL, { errcode: 42010 });
  world.sandbox.script(STATUS, { drop: 'before' });
  world.sandbox.scriptPush({ lost: true });
  const { campaign } = await send(world, textToTag('one'));
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(61_000);
  const { msgId } = await accepted;
  const silence = 'WeChat could not say what became of a send';
  while (linesOf(world, silence).length === 0) await world.clock.advance(500);
  await postPush(world, signed(world, resultXml({ msgId })));
  const { jobId } = linesOf(world, 'WeChat accepted the send')[0] ?? {};
  expect(jobId).toMatch(/^job_/);
  expect(linesOf(world, 'a send was taken in')).toEqual([
    expect.objectContaining({ campaignId: campaign.id, appId: world.appId, replayed: false }),
  ]);
  for (const message of [
    'WeChat accepted the send',
    /sends of this account follow each other too fast \(/,
    silence,
    'the result of a send is stored',
  ]) {
    const lines = linesOf(world, message).filter(({ endpoint }) => endpoint === undefined);
    expect(lines, String(message)).not.toEqual([]);
    for (const line of lines) expect(line, String(message)).toMatchObject({ campaignId: campaign.id, jobId });
  }
  // And the calls that were made for it, its job.
  const calls = world.log.filter(
    ({ context }) => 'endpoint' in context && context.endpoint === 'sendToFilter',
  );
  expect(calls).toHaveLength(2);
  for (const { context } of calls) expect(context).toMatchObject({ jobId });
});

it('gives what goes on without a request no id of one, also where a request began it', async () => {
  await using world = await createWorld();
  await send(world, textToTag('one'));
  for (const { requestId } of linesOf(world, 'WeChat accepted the send')) expect(requestId).toBeUndefined();
});
