import { expect, it } from 'vitest';
import { makeNews, PUSHED_WITHIN_MS, send } from '../kit/actions.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { SEND_TO_LIST } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

it('answers with the campaign where only its first batch was refused, and shows the articles of one that was sent', async () => {
  await using world = await createWorld();
  const mediaId = await makeNews(world, 1);
  world.sandbox.script(SEND_TO_LIST, { errcode: 40130 });
  const strangers = Array.from({ length: 10_000 }, (_, index) => `oNobody_${index}`);
  const openIds = [...strangers, 'oSandbox_00001', 'oSandbox_00002'];
  const input = { idempotencyKey: 'list', audience: { openIds }, message: { mpnews: { mediaId } } };
  const accepted = world.sandbox.waitFor('accepted');
  const { __typename, campaign } = await send(world, input);
  expect(__typename).toBe('MassSendSuccess');
  await accepted;
  const sent = untilStatus(world, campaign.id, 'SENT');
  await world.clock.advance(PUSHED_WITHIN_MS);
  const { jobs, articles, failure } = await sent;
  expect(jobs.map(({ status }: { status: string }) => status)).toEqual(['FAILED', 'SENT']);
  expect(failure.code).toBe(40130);
  expect(articles).toMatchObject([{ analyticsMsgId: `${jobs[1].msgDataId}_1`, url: expect.any(String) }]);
  expect(await send(world, input)).toMatchObject({ __typename: 'MassSendSuccess', replayed: true });
});
