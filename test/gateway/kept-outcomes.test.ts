import { expect, it } from 'vitest';
import { makeNews, send, textToTag } from '../kit/actions.ts';
import { untilCampaign } from '../kit/campaigns.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { until } from '../kit/until.ts';
import { createWorld, type World } from '../kit/world.ts';

/** The database is away when the outcome of the first call is to be stored, and for three seconds after. */
function createWorldWithoutStore(name: string) {
  let left = 3;
  const failing = (store: object) => {
    const real = (store as Record<string, (...args: unknown[]) => unknown>)[name];
    const away = () => Promise.reject(new Error('the database is away'));
    return { ...store, [name]: (...args: unknown[]) => (left-- > 0 ? away() : real?.(...args)) };
  };
  return createWorld({
    around: (part, store) => (part === 'submissions' ? (failing(store) as typeof store) : store),
  });
}

/** Lets the engine try again, and no more time pass than it pauses for: whoever waits for the answer does so for ten seconds. */
async function untilStored(world: World): Promise<void> {
  const stumbles = () => world.log.filter(({ message }) => message.includes('stumbled')).length;
  for (const [before, pause] of [1_000, 2_000, 4_000].entries()) {
    await until(() => stumbles() > before);
    await world.clock.advance(pause);
  }
}

it('keeps what WeChat has accepted until it can be stored, with its msg_data_id, and asks nothing again', async () => {
  await using world = await createWorldWithoutStore('accept');
  const mediaId = await makeNews(world, 1);
  const scheduledAt = new Date(world.clock.now().getTime() + 60_000).toISOString();
  const { campaign } = await send(world, textToTag('k', { message: { mpnews: { mediaId } }, scheduledAt }));
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(60_000);
  await accepted;
  await untilStored(world);
  await untilCampaign(world, campaign.id, ({ msgDataId }) => /^\d+$/.test(msgDataId));
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('keeps a refusal until it can be stored', async () => {
  await using world = await createWorldWithoutStore('refuse');
  world.sandbox.script(SENDALL, { errcode: 45028 });
  const answer = send(world, textToTag('k'));
  await untilStored(world);
  expect(await answer).toMatchObject({ __typename: 'WechatError', errcode: 45028 });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});
