import { expect, it } from 'vitest';
import { makeNews, send, textToTag } from '../kit/actions.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

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

it('keeps what WeChat has accepted until it can be stored, with its msg_data_id, and asks nothing again', async () => {
  await using world = await createWorldWithoutStore('accept');
  const mediaId = await makeNews(world, 1);
  const scheduledAt = new Date(world.clock.now().getTime() + 60_000).toISOString();
  const { campaign } = await send(world, textToTag('k', { message: { mpnews: { mediaId } }, scheduledAt }));
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(60_000);
  await accepted;
  const dataId = async () => {
    await world.clock.advance(1_000);
    return String((await readCampaign(world, campaign.id)).msgDataId);
  };
  await expect.poll(dataId).toMatch(/^\d+$/);
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});

it('keeps a refusal until it can be stored', async () => {
  await using world = await createWorldWithoutStore('refuse');
  world.sandbox.script(SENDALL, { errcode: 45028 });
  let answer: unknown = null;
  void send(world, textToTag('k')).then((came) => {
    answer = came;
  });
  const answered = async () => {
    await world.clock.advance(1_000);
    return answer;
  };
  await expect.poll(answered).toMatchObject({ __typename: 'WechatError', errcode: 45028 });
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});
