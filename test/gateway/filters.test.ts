import { describe, expect, it } from 'vitest';
import { openIdOf } from '../../src/sandbox/population.ts';
import { finishedXml } from '../callback/kit.ts';
import { PUSHED_WITHIN_MS, send } from '../kit/actions.ts';
import { untilStatus } from '../kit/campaigns.ts';
import { untilAccepted } from '../kit/endpoints.ts';
import { oneWorld } from '../kit/one-world.ts';
import { type SeededCampaign, seedCampaigns } from '../kit/seed.ts';
import { createWorld } from '../kit/world.ts';

const at = (time: string) => new Date(`2026-05-01T${time}Z`);
const OTHER = 'wx2222222222222222';

const rows: Record<string, SeededCampaign> = {
  a: { status: 'SENT', messageType: 'MPNEWS', tagId: 2, createdAt: at('01:00:00.000') },
  b: {
    status: 'FAILED',
    messageType: 'MPNEWS',
    tagId: 100,
    createdAt: at('02:00:00.000'),
    copyrightState: 'REPRINT_FORBIDDEN',
  },
  c: { status: 'SENT', messageType: 'TEXT', tagId: null, createdAt: at('03:00:00.000'), msgDataId: null },
  d: { status: 'DELETED', messageType: 'MPVIDEO', tagId: 2, createdAt: at('04:00:00.000') },
  e: {
    status: 'SENT',
    messageType: 'MPNEWS',
    tagId: 2,
    createdAt: at('05:00:00.000'),
    appId: OTHER,
    copyrightState: 'REPRINT_ALLOWED',
  },
  f: {
    status: 'PENDING',
    messageType: 'IMAGE',
    tagId: 0,
    createdAt: at('06:00:00.000'),
    msgId: null,
    msgDataId: null,
    copyrightState: 'NOT_CHECKED',
  },
  g: {
    status: 'UNKNOWN',
    messageType: 'WXCARD',
    tagId: 2,
    createdAt: at('07:00:00.000'),
    copyrightState: 'NOT_REPRINT',
  },
};

const names = Object.keys(rows);
const msgIdOf = (name: string) => String(7_000_000_001 + names.indexOf(name));
const msgDataIdOf = (name: string) => String(8_000_000_001 + names.indexOf(name));

describe('a filter', () => {
  const furnished = oneWorld(
    { others: [{ appId: OTHER, appSecret: 'another secret', type: 'service' }] },
    (world) =>
      seedCampaigns(
        world,
        Object.entries(rows).map(([name, row]) => ({ ...row, id: `cmp_${name}` })),
      ),
  );

  it.each<[object, string]>([
    [{}, 'gfedcba'],
    [
      { account: null, statuses: null, messageTypes: null, msgId: null, tagId: null, createdTo: null },
      'gfedcba',
    ],
    [{ account: OTHER }, 'e'],
    [{ account: 'wx1111111111111111' }, 'gfdcba'],
    [{ account: 'nobody' }, ''],
    [{ statuses: ['SENT'] }, 'eca'],
    [{ statuses: ['PENDING', 'UNKNOWN', 'DELETED'] }, 'gfd'],
    [{ statuses: [] }, ''],
    [{ messageTypes: ['TEXT', 'IMAGE'] }, 'fc'],
    [{ messageTypes: [] }, ''],
    [{ msgId: msgIdOf('d') }, 'd'],
    [{ msgId: '1' }, ''],
    [{ msgId: '' }, ''],
    [{ msgDataId: msgDataIdOf('b') }, 'b'],
    [{ msgDataId: msgIdOf('b') }, ''],
    [{ tagId: 2 }, 'geda'],
    [{ tagId: 0 }, 'f'],
    [{ tagId: -2147483648 }, ''],
    [{ copyrightStates: ['REPRINT_FORBIDDEN', 'REPRINT_ALLOWED'] }, 'eb'],
    [{ copyrightStates: ['NOT_CHECKED'] }, 'f'],
    [{ copyrightStates: [] }, ''],
    [{ createdFrom: '2026-05-01T04:00:00.000Z' }, 'gfed'],
    [{ createdFrom: '2026-05-01T04:00:00.001Z' }, 'gfe'],
    [{ createdTo: '2026-05-01T04:00:00.000Z' }, 'cba'],
    [{ createdTo: '2026-05-01T12:00:00.001+08:00' }, 'dcba'],
    [{ createdFrom: '2026-05-01T02:00:00Z', createdTo: '2026-05-01T03:00:00Z' }, 'b'],
    [{ createdFrom: '2026-05-02T02:00:00Z', createdTo: '2026-05-01T03:00:00Z' }, ''],
    [{ statuses: ['SENT'], messageTypes: ['MPNEWS'], tagId: 2 }, 'ea'],
    [{ statuses: ['SENT'], messageTypes: ['MPNEWS'], tagId: 2, account: OTHER }, 'e'],
    [{ account: OTHER, msgId: msgIdOf('a') }, ''],
    [{ msgId: msgIdOf('b'), msgDataId: msgDataIdOf('b'), copyrightStates: ['REPRINT_FORBIDDEN'] }, 'b'],
    [{ msgId: msgIdOf('b'), copyrightStates: ['NOT_REPRINT'] }, ''],
    [
      { tagId: 2, createdFrom: '2026-05-01T04:00:00Z', copyrightStates: ['NOT_REPRINT', 'REPRINT_ALLOWED'] },
      'ge',
    ],
  ])('%j gives %j, and counts as many', async (filter, expected) => {
    const world = furnished();
    const query =
      'query ($filter: CampaignFilter, $first: Int, $after: String) { campaigns(filter: $filter, first: $first, after: $after) { nodes { id } totalCount pageInfo { hasNextPage endCursor } } }';
    const { campaigns } = await world.query<any>(query, { filter });
    expect(campaigns.nodes.map(({ id }: any) => id.slice(4)).join('')).toBe(expected);
    expect(campaigns.totalCount).toBe(expected.length);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const step: any = await world.query<any>(query, { filter, first: 1, after });
      seen.push(...step.campaigns.nodes.map(({ id }: any) => id.slice(4)));
      after = step.campaigns.pageInfo.hasNextPage ? step.campaigns.pageInfo.endCursor : null;
    } while (after);
    expect(seen.join('')).toBe(expected);
  });
});

it('finds a campaign by any copyright state that one of its jobs is in, and by none that one was in', async () => {
  await using world = await createWorld({ account: { followers: 60_000 } });
  const openIds = Array.from({ length: 10_001 }, (_, index) => openIdOf(index + 1));
  const { campaign } = await send(world, {
    idempotencyKey: 'list',
    audience: { openIds },
    message: { text: { content: 'hello' } },
  });
  await untilAccepted(world, 2);
  await world.clock.advance(PUSHED_WITHIN_MS);
  await untilStatus(world, campaign.id, 'SENT');
  const [one, other] = world.sandbox.sends(world.appId).map(({ msgId }) => msgId);
  const found = (msgId: string | undefined, state: number) =>
    world.sandbox.push(
      world.appId,
      finishedXml({
        msgId: msgId ?? '',
        fields: `<CopyrightCheckResult><Count>0</Count><ResultList/><CheckState>${state}</CheckState></CopyrightCheckResult>`,
      }),
    );
  const states = ['NOT_CHECKED', 'NOT_REPRINT', 'REPRINT_ALLOWED', 'REPRINT_FORBIDDEN'];
  const foundBy = async () => {
    const counts = await Promise.all(
      states.map((state) =>
        world.query<any>(
          `{ campaigns(filter: { copyrightStates: [${state}] }) { totalCount nodes { id } } }`,
        ),
      ),
    );
    return states.filter((_, index) => {
      const { totalCount, nodes } = counts[index].campaigns;
      expect(nodes).toHaveLength(totalCount);
      return totalCount === 1;
    });
  };
  expect(await foundBy()).toEqual([]);
  await found(one, 1);
  expect(await foundBy()).toEqual(['NOT_REPRINT']);
  await found(other, 2);
  expect(await foundBy()).toEqual(['NOT_REPRINT', 'REPRINT_ALLOWED']);
  await found(one, 3);
  expect(await foundBy()).toEqual(['REPRINT_ALLOWED', 'REPRINT_FORBIDDEN']);
});

const empty = oneWorld();

it.each([
  { statuses: ['GONE'] },
  { statuses: [null] },
  { tagId: 2 ** 31 },
  { tagId: 'two' },
  { createdFrom: 'yesterday' },
  { unknown: 1 },
])('refuses %j', async (filter) => {
  const world = empty();
  const query = 'query ($filter: CampaignFilter) { campaigns(filter: $filter) { totalCount } }';
  expect((await world.post({ query, variables: { filter } })).body).toMatchObject({ errors: [{}] });
});
