import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../src/schema/campaign-connection.ts';
import { send, textToTag } from '../kit/actions.ts';
import { oneWorld } from '../kit/one-world.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';

const PAGE = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: CampaignFilter) {
  campaigns(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    edges { cursor node { id } }
    nodes { id }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}`;

interface Page {
  ids: string[];
  cursors: string[];
  pageInfo: {
    hasNextPage: boolean;
    hasPreviousPage: boolean;
    startCursor: string | null;
    endCursor: string | null;
  };
}

async function page(world: World, args: object): Promise<Page> {
  const { campaigns } = await world.query<any>(PAGE, { ...args });
  const ids = campaigns.nodes.map(({ id }: any) => id);
  expect(campaigns.edges.map(({ node }: any) => node.id)).toEqual(ids);
  return { ids, cursors: campaigns.edges.map(({ cursor }: any) => cursor), pageInfo: campaigns.pageInfo };
}

/** Several hundred that were made in the same moment, with a few older and newer ones. Newest first. */
async function seedMany(world: World): Promise<string[]> {
  const same = new Date('2026-05-01T00:00:00.000Z');
  const dates = [
    new Date(same.getTime() - 1),
    ...Array<Date>(350).fill(same),
    new Date(same.getTime() + 1),
    new Date(same.getTime() + 2),
  ];
  const ids = await seedCampaigns(
    world,
    dates.map((createdAt) => ({ createdAt })),
  );
  return ids.reverse();
}

const empty = oneWorld();
let all: string[];
const hundreds = oneWorld({}, async (world) => {
  all = await seedMany(world);
});

describe('several hundred campaigns of one moment', () => {
  it.each([7, 100])('are all met once, newest first, by steps of %i from the front', async (first) => {
    const world = hundreds();
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { ids, pageInfo, cursors }: Page = await page(world, { first, after });
      expect(pageInfo).toEqual({
        hasPreviousPage: seen.length > 0,
        hasNextPage: seen.length + ids.length < all.length,
        startCursor: cursors[0],
        endCursor: cursors.at(-1),
      });
      seen.push(...ids);
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    expect(seen).toEqual(all);
  });

  it.each([7, 100])('are all met once by steps of %i from the end', async (last) => {
    const world = hundreds();
    const seen: string[] = [];
    let before: string | null = null;
    do {
      const { ids, pageInfo }: Page = await page(world, { last, before });
      expect(pageInfo.hasNextPage).toBe(seen.length > 0);
      expect(pageInfo.hasPreviousPage).toBe(seen.length + ids.length < all.length);
      seen.unshift(...ids);
      before = pageInfo.hasPreviousPage ? pageInfo.startCursor : null;
    } while (before);
    expect(seen).toEqual(all);
  });

  it('are cut out between two cursors, from either end', async () => {
    const world = hundreds();
    const { cursors } = await page(world, { first: 100 });
    const between = { after: cursors[9], before: cursors[20] };
    expect((await page(world, { first: 4, ...between })).ids).toEqual(all.slice(10, 14));
    expect((await page(world, { last: 4, ...between })).ids).toEqual(all.slice(16, 20));
    expect((await page(world, between)).ids).toEqual(all.slice(10, 20));
    expect((await page(world, { before: cursors[5] })).ids).toEqual(all.slice(0, 5));
    expect((await page(world, { last: 3, after: cursors[9] })).ids).toEqual(all.slice(-3));
  });
});

describe('what a cursor shuts out counts only where something is there', () => {
  const day = (n: number) => ({ createdAt: new Date(`2026-05-0${n}T00:00:00.000Z`) });

  it('at either end of the list', async () => {
    await using world = await createWorld();
    await seedCampaigns(world, [1, 2, 3, 4].map(day));
    const { cursors } = await page(world, {});
    const [newest, second, , oldest] = cursors;
    const told = async (args: object) => {
      const { pageInfo } = await page(world, args);
      return [pageInfo.hasPreviousPage, pageInfo.hasNextPage];
    };
    const beforeAll = encodeCursor({ createdAt: new Date('2027-01-01T00:00:00.000Z'), id: 'cmp_z' });
    const behindAll = encodeCursor({ createdAt: new Date(0), id: 'cmp_0' });
    expect(await told({ after: beforeAll })).toEqual([false, false]);
    expect(await told({ first: 1, after: beforeAll })).toEqual([false, true]);
    expect(await told({ before: behindAll })).toEqual([false, false]);
    expect(await told({ last: 1, before: behindAll })).toEqual([true, false]);
    expect(await told({ after: newest })).toEqual([true, false]);
    expect(await told({ before: oldest })).toEqual([false, true]);
    expect(await told({ after: oldest })).toEqual([true, false]);
    expect(await told({ before: newest })).toEqual([false, true]);
    expect(await told({ after: newest, before: second })).toEqual([true, true]);
  });

  it('among those that match', async () => {
    await using world = await createWorld();
    await seedCampaigns(world, [{ ...day(1), tagId: 7 }, day(2), { ...day(3), tagId: 7 }, day(4)]);
    const { cursors } = await page(world, {});
    const filter = { tagId: 7 };
    const { ids, pageInfo } = await page(world, { first: 1, after: cursors[0], filter });
    expect(ids).toEqual(['cmp_000002']);
    expect(pageInfo).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
    const { pageInfo: last } = await page(world, { last: 1, before: cursors[2], filter });
    expect(last).toMatchObject({ hasPreviousPage: false, hasNextPage: true });
  });
});

it('gives twenty where nothing is said', async () => {
  const world = hundreds();
  expect((await page(world, {})).ids).toEqual(all.slice(0, 20));
  expect(
    (await page(world, { first: null, last: null, after: null, before: null, filter: null })).ids,
  ).toHaveLength(20);
  expect((await page(world, { first: 100 })).ids).toEqual(all.slice(0, 100));
});

it('is not shifted by campaigns that come meanwhile', async () => {
  await using world = await createWorld();
  await seedCampaigns(world, Array(4).fill({ createdAt: new Date('2026-05-01T00:00:00.000Z') }));
  const first = await page(world, { first: 2 });
  const { campaign } = await send(world, textToTag('newer'));
  const next = await page(world, { first: 2, after: first.pageInfo.endCursor });
  expect(next.ids).toEqual(['cmp_000001', 'cmp_000000']);
  expect((await page(world, { last: 2, before: first.pageInfo.startCursor })).ids).toEqual([campaign.id]);
});

it('is empty where there is nothing, with no cursors', async () => {
  const world = empty();
  const nothing = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };
  for (const args of [{}, { first: 1 }, { last: 1 }]) {
    expect(await page(world, args)).toEqual({ ids: [], cursors: [], pageInfo: nothing });
  }
});

describe('what cannot be a page is refused', () => {
  const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const good = encoded([0, 'cmp_a']);

  it.each([
    { first: 0 },
    { first: -1 },
    { first: 101 },
    { last: 0 },
    { last: -1 },
    { last: 101 },
    { first: 1, last: 1 },
    { after: '' },
    { before: '' },
    { after: 'x' },
    { before: '!!!' },
    { after: `${good}!` },
    { after: `${good} ` },
    { after: good.slice(0, -1) },
    { after: encoded(null) },
    { after: encoded({}) },
    { after: encoded([]) },
    { after: encoded(['0', 'cmp_a']) },
    { after: encoded([0, 1]) },
    { after: encoded([0, 'cmp_a', 1]) },
    { after: encoded([0, 'job_a']) },
    { after: encoded([1.5, 'cmp_a']) },
    { after: encoded([-1, 'cmp_a']) },
    { after: encoded([8.64e15, 'cmp_a']) },
    { after: encoded([1e300, 'cmp_a']) },
    { before: encoded([Number.MAX_SAFE_INTEGER, 'cmp_a']) },
    { before: encoded([0, 'cmp_\0']) },
    { before: encoded([0, "cmp_'; drop table campaigns; --"]) },
    { after: 'a'.repeat(100_000) },
  ])('%j', async (args) => {
    const world = empty();
    const { body } = await world.post({ query: PAGE, variables: args });
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'BAD_USER_INPUT' }, path: ['campaigns'] }] });
    expect(body.errors).toHaveLength(1);
    expect(world.log.filter(({ level }) => level === 'error')).toEqual([]);
  });
});

it('counts all that match, wherever the page lies', async () => {
  const world = hundreds();
  const { pageInfo } = await page(world, { first: 5 });
  const query = 'query ($after: String) { campaigns(first: 1, after: $after) { totalCount } }';
  expect(await world.query(query, { after: pageInfo.endCursor })).toEqual({ campaigns: { totalCount: 353 } });
});
