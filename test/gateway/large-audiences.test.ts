import { expect, it } from 'vitest';
import { openIdOf } from '../../src/sandbox/population.ts';
import { untilAccepted } from '../kit/endpoints.ts';
import { createWorld, type World } from '../kit/world.ts';

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess { replayed campaign { id recipients: audience { recipients } jobs { index clientMsgId recipients } } }
    ... on InvalidInputError { issues { path message } }
    ... on Error { message }
  }
}`;
const PROGRESS = `query ($id: ID!) {
  campaign(id: $id) { status progress { jobsDone jobsTotal recipientsDone recipientsTotal estimatedFinishAt } }
}`;

const openIds = (count: number) => Array.from({ length: count }, (_, index) => openIdOf(index + 1));
const fileOf = (lines: readonly string[], end = '\n') => new File([lines.join('\n') + end], 'open-ids.txt');
const text = { text: { content: 'hello' } };
const roomy = { account: { followers: 60_000, limits: { callsPerDay: 1_000 } } };

const sendList = (world: World, list: string[], more: object = {}) =>
  world.query<any>(SEND, {
    input: { idempotencyKey: 'list', audience: { openIds: list }, message: text, ...more },
  });

const sendFile = (world: World, file: File, more: object = {}) =>
  world.upload(
    SEND.replace('$input: MassSendInput!', '$file: File!').replace(
      'input: $input',
      `input: { idempotencyKey: "file", audience: { openIdsFile: $file }, message: { text: { content: "hello" } } ${Object.entries(
        more,
      )
        .map(([name, value]) => `, ${name}: ${JSON.stringify(value)}`)
        .join('')} }`,
    ),
    {},
    { file },
  );

const recipientsSent = (world: World): string[] =>
  world.sandbox.sends(world.appId).flatMap(({ body }) => (body as { touser: string[] }).touser);

it.each([
  [10_000, [10_000]],
  [10_001, [9_999, 2]],
  [10_002, [10_000, 2]],
  [25_000, [10_000, 10_000, 5_000]],
])('cuts %i OpenIDs into jobs that WeChat takes, from a list and from a file alike', async (count, sizes) => {
  await using world = await createWorld(roomy);
  for (const { massSend } of [
    await sendList(world, openIds(count)),
    await sendFile(world, fileOf(openIds(count))),
  ]) {
    expect(massSend).toMatchObject({ __typename: 'MassSendSuccess', replayed: false });
    expect(massSend.campaign.jobs.map((job: any) => job.recipients)).toEqual(sizes);
    const names = massSend.campaign.jobs.map((job: any) => job.clientMsgId);
    expect(new Set(names).size).toBe(sizes.length);
    for (const name of names) expect(name.length).toBeLessThanOrEqual(32);
  }
});

it('sends every OpenID of a file exactly once, job after job', async () => {
  await using world = await createWorld(roomy);
  const list = openIds(30_001);
  const { massSend } = await sendFile(world, fileOf(list, ''));
  await untilAccepted(world, 4);
  expect(recipientsSent(world).toSorted()).toEqual(list.toSorted());
  const { campaign } = await world.query<any>(PROGRESS, { id: massSend.campaign.id });
  expect(campaign.progress).toMatchObject({ jobsTotal: 4, recipientsTotal: 30_001, estimatedFinishAt: null });
});

it('answers the same file under the same key with the same campaign, and another with a conflict', async () => {
  await using world = await createWorld(roomy);
  const first = await sendFile(world, fileOf(openIds(12_000)));
  const again = await sendFile(world, fileOf(openIds(12_000)));
  expect(again.massSend).toMatchObject({ replayed: true, campaign: { id: first.massSend.campaign.id } });
  const other = await sendFile(world, fileOf(openIds(12_001)));
  expect(other.massSend.__typename).toBe('IdempotencyConflictError');
});

it('refuses a file with a repeated, blank or split line, names the lines, and keeps nothing of it', async () => {
  await using world = await createWorld(roomy);
  const lines = openIds(11_000);
  const { massSend } = await sendFile(world, fileOf([...lines, lines[3]!, '', 'two words', lines[10_500]!]));
  expect(massSend.issues).toEqual([
    {
      path: ['audience', 'openIdsFile'],
      message: 'line 11001 repeats an OpenID of an earlier line; every OpenID may stand once',
    },
    { path: ['audience', 'openIdsFile'], message: 'line 11002 is blank' },
    {
      path: ['audience', 'openIdsFile'],
      message: 'line 11003 is no OpenID (those are letters, digits, - and _); one stands on a line',
    },
    {
      path: ['audience', 'openIdsFile'],
      message: 'line 11004 repeats an OpenID of an earlier line; every OpenID may stand once',
    },
  ]);
  const after = await sendFile(world, fileOf(lines));
  expect(after.massSend).toMatchObject({ __typename: 'MassSendSuccess', replayed: false });
});

it('refuses a file of another kind before it has read much of it', async () => {
  await using world = await createWorld(roomy);
  const list = JSON.stringify(openIds(1_000));
  const { massSend } = await sendFile(world, new File([`oSandbox_00001\n${list.repeat(400)}`], 'list.json'));
  expect(massSend.issues).toEqual([
    { path: ['audience', 'openIdsFile'], message: 'line 2 does not end; one OpenID stands on a line' },
  ]);
  expect(world.sandbox.sends(world.appId)).toEqual([]);
});

it('refuses a clientMsgId that has no room for the number of a job', async () => {
  await using world = await createWorld(roomy);
  const { massSend } = await sendList(world, openIds(20_000), { clientMsgId: 'x'.repeat(64) });
  expect(massSend.issues).toMatchObject([{ path: ['clientMsgId'] }]);
  expect(world.sandbox.sends(world.appId)).toEqual([]);
});

it('numbers the jobs of a clientMsgId of the caller', async () => {
  await using world = await createWorld(roomy);
  const { massSend } = await sendList(world, openIds(20_000), { clientMsgId: 'spring' });
  expect(massSend.campaign.jobs.map((job: any) => job.clientMsgId)).toEqual(['spring-0', 'spring-1']);
});

it('does not take a file with other mistakes for the one that was sent under its key', async () => {
  await using world = await createWorld(roomy);
  const list = openIds(3);
  await sendFile(world, fileOf(list));
  for (const lines of [
    [...list, list[0]!],
    [...list, ''],
    [...list, 'two words'],
  ]) {
    const { massSend } = await sendFile(world, fileOf(lines));
    expect(massSend.__typename).toBe('IdempotencyConflictError');
  }
});
