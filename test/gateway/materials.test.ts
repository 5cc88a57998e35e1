import { expect, it } from 'vitest';
import { makeVideo, preview, send, uploadMedia } from '../kit/actions.ts';
import { PREVIEW, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const DAY = 86_400_000;
const PLAN = `query ($input: MassSendInput!) { planMassSend(input: $input) { issues { path message } requests { body } } }`;
const toTag = { idempotencyKey: 'one', audience: { tagId: 2 } };

it('refuses what will be gone when it is sent, in the plan as well, and takes what will not', async () => {
  await using world = await createWorld();
  const { mediaId } = await uploadMedia(world, 'IMAGE', files.png());
  const at = (days: number) => new Date(world.clock.now().getTime() + days * DAY).toISOString();
  const input = { ...toTag, message: { image: { mediaId } }, scheduledAt: at(4) };
  const path = ['message', 'image', 'mediaId'];
  expect(await send(world, input)).toMatchObject({ __typename: 'InvalidInputError', issues: [{ path }] });
  const { planMassSend } = await world.query<any>(PLAN, { input });
  expect(planMassSend).toMatchObject({ issues: [{ path }], requests: [] });
  expect(await send(world, { ...input, scheduledAt: at(2) })).toMatchObject({
    __typename: 'MassSendSuccess',
    campaign: { status: 'PENDING' },
  });
});

it('answers a send that it knows, although its material is gone by now', async () => {
  await using world = await createWorld();
  const { mediaId } = await uploadMedia(world, 'VOICE', files.amr());
  const input = { ...toTag, message: { voice: { mediaId } } };
  const { campaign } = await send(world, input);
  await world.clock.advance(4 * DAY);
  expect(await send(world, input)).toMatchObject({ replayed: true, campaign: { id: campaign.id } });
  expect(await send(world, { ...input, idempotencyKey: 'two' })).toMatchObject({
    __typename: 'InvalidInputError',
  });
});

it('refuses the file of a video, sends what uploadVideo made of it, and asks WeChat nothing in vain', async () => {
  await using world = await createWorld();
  const { mediaId: file } = await uploadMedia(world, 'VIDEO', files.mp4());
  const video = await makeVideo(world);
  const message = (mediaId: string) => ({ mpvideo: { mediaId } });
  const issues = [{ path: ['message', 'mpvideo', 'mediaId'] }];
  expect(await send(world, { ...toTag, message: message(file) })).toMatchObject({ issues });
  const to = { openId: 'oSandbox_00001' };
  expect(await preview(world, { to, message: message(file) })).toMatchObject({ issues });
  expect([...requestsTo(world, SENDALL), ...requestsTo(world, PREVIEW)]).toEqual([]);
  expect(await preview(world, { to, message: message(video) })).toMatchObject({
    __typename: 'PreviewSuccess',
  });
  expect(await send(world, { ...toTag, message: message(video) })).toMatchObject({
    __typename: 'MassSendSuccess',
  });
});

it('tells what is wrong with a material beside everything else', async () => {
  await using world = await createWorld();
  const { mediaId } = await uploadMedia(world, 'IMAGE', files.png());
  await world.clock.advance(4 * DAY);
  const message = { image: { mediaId } };
  const material = { path: ['message', 'image', 'mediaId'] };
  expect((await send(world, { ...toTag, idempotencyKey: ' ', message })).issues).toMatchObject([
    { path: ['idempotencyKey'] },
    material,
  ]);
  expect((await preview(world, { to: { openId: ' ' }, message })).issues).toMatchObject([
    { path: ['to', 'openId'] },
    material,
  ]);
});
