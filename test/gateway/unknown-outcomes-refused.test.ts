import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/sandbox/faults.ts';
import { send, textToTag } from '../kit/actions.ts';
import { readCampaign, untilStatus } from '../kit/campaigns.ts';
import { nextRequest, requestsTo, SENDALL, STABLE_TOKEN } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';

const MINUTE = 60_000;

/** Accepted, but nobody here knows; what the repetition will be told is given. The result is not pushed, it would only be told later. */
async function loseAnAnswer(world: World, repetition: Fault): Promise<string> {
  world.sandbox.scriptPush({ lost: true });
  world.sandbox.script(SENDALL, { drop: 'after' }, repetition);
  const { campaign } = await send(world, textToTag('lost'));
  await world.clock.waitForTimer(MINUTE);
  return campaign.id;
}

async function repeat(world: World, path = SENDALL): Promise<void> {
  const repeated = nextRequest(world, path);
  await world.clock.advance(MINUTE);
  await repeated;
}

describe('after an unknown outcome, a repetition that is refused with', () => {
  // Quotas, settings and confirmations may be what the first call has used up; tags, OpenIDs, media and rules change by themselves,
  // and a proxy may lose what it passes on.
  const errcodes = [
    45009, 45028, 48001, 48003, 89503, 40001, 40007, 40035, 40130, 40003, 40050, 40066, 41040, 44002, 44003,
    45166, 47001, 87014, 99999,
  ];

  it.each(errcodes)('%i says nothing about the first call: UNKNOWN until WeChat tells', async (errcode) => {
    await using world = await createWorld();
    const id = await loseAnAnswer(world, { errcode });
    if (errcode === 40001) world.sandbox.script(SENDALL, { errcode });
    await repeat(world);
    await world.clock.waitForTimer(MINUTE);
    expect(await readCampaign(world, id)).toMatchObject({
      status: 'UNKNOWN',
      failure: { code: errcode },
      finishedAt: null,
    });
    await repeat(world);
    const sent = await untilStatus(world, id, 'SENDING');
    expect(world.sandbox.sends(world.appId).map(({ msgId }) => msgId)).toEqual([sent.msgId]);
    expect(new Set(requestsTo(world, SENDALL).map(({ body }) => body)).size).toBe(1);
  });

  it.each([42010, 45011])('%i waits for the pause and stays UNKNOWN meanwhile', async (errcode) => {
    await using world = await createWorld();
    const id = await loseAnAnswer(world, { errcode });
    await repeat(world);
    await world.clock.waitForTimer(MINUTE);
    expect((await readCampaign(world, id)).status).toBe('UNKNOWN');
    await repeat(world);
    await untilStatus(world, id, 'SENDING');
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });

  it('44004, which was wrong the first time too, is FAILED', async () => {
    await using world = await createWorld();
    world.sandbox.script(SENDALL, { drop: 'before' }, { errcode: 44004 });
    const { campaign } = await send(world, textToTag('wrong'));
    await world.clock.waitForTimer(MINUTE);
    await repeat(world);
    expect((await untilStatus(world, campaign.id, 'FAILED')).failure.code).toBe(44004);
    expect(await send(world, textToTag('wrong'))).toMatchObject({
      __typename: 'WechatError',
      errcode: 44004,
      failedCampaign: { id: campaign.id },
    });
  });
});

describe('after an unknown outcome, a token endpoint that answers the repetition with', () => {
  it.each<[string, Fault]>([
    ['a wrong secret', { errcode: 40125 }],
    ['a frozen secret, a code of its own', { errcode: 40243 }],
    ['a request that cannot be read', { errcode: 47001 }],
    ['an HTML page', { html: 502 }],
  ])('%s says nothing about the first call', async (_, fault) => {
    await using world = await createWorld();
    const id = await loseAnAnswer(world, { pass: true });
    world.sandbox.revokeToken(world.appId);
    world.sandbox.script(STABLE_TOKEN, fault);
    await repeat(world, STABLE_TOKEN);
    await world.clock.waitForTimer(MINUTE);
    expect((await readCampaign(world, id)).status).toBe('UNKNOWN');
    await repeat(world);
    await untilStatus(world, id, 'SENDING');
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  });
});
