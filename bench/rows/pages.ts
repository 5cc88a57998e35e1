import assert from 'node:assert/strict';
import { cursorAt, databaseOf, numbered } from '../kit/database.ts';
import { ACCOUNT } from '../kit/gateway.ts';
import { ask, graphqlRequest, load } from '../kit/load.ts';
import { interleaved, median } from '../kit/rounds.ts';
import type { Bench, Measured } from '../kit/row.ts';

export const title = 'a page at any depth of a million campaigns, with every filter';

const PAGE = `query Page($first: Int, $after: String, $last: Int, $before: String, $filter: CampaignFilter) {
  campaigns(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    nodes { id status createdAt }
    pageInfo { hasNextPage endCursor }
  }
}`;

const FIRST_PAGE = 'no filter, first page';

const timeAt = (n: number): string => new Date((1_704_067_200 + n * 60) * 1000).toISOString();

export async function run(bench: Bench): Promise<Measured> {
  const campaigns = bench.size(20_000, 1_000_000);
  const requests = bench.size(5, 20);
  const database = await databaseOf(campaigns);
  await using gateway = await bench.startGateway({ database });
  const middle = Math.floor(campaigns / 2);
  const some = middle - (middle % 5);
  const filters: Record<string, object | null> = {
    'no filter': null,
    account: { account: ACCOUNT.appId },
    'a status of many': { statuses: ['SENT'] },
    'a status of few': { statuses: ['FAILED', 'UNKNOWN'] },
    'a type of few': { messageTypes: ['TEXT'] },
    'two types': { messageTypes: ['TEXT', 'MPNEWS'] },
    tagId: { tagId: 7 },
    'a copyright state of many': { copyrightStates: ['NOT_REPRINT'] },
    'a copyright state of few': { copyrightStates: ['REPRINT_ALLOWED'] },
    'a span of time': { createdFrom: timeAt(0), createdTo: timeAt(campaigns - campaigns / 10) },
    'four together': { account: ACCOUNT.appId, statuses: ['SENT'], messageTypes: ['MPNEWS'], tagId: 7 },
    idempotencyKey: { idempotencyKey: `key ${numbered(some)}` },
    msgId: { msgId: String(3_000_000_001 + some) },
    msgDataId: { msgDataId: String(2_247_000_001 + some) },
  };
  const places: Record<string, object> = {
    'first page': { first: 20 },
    middle: { first: 20, after: cursorAt(middle) },
    deep: { first: 20, after: cursorAt(Math.floor(campaigns / 50)) },
    'from the end': { last: 20 },
    'back from the middle': { last: 20, before: cursorAt(middle) },
  };
  const contestants: Record<string, () => Promise<number>> = {};
  for (const [filterName, filter] of Object.entries(filters)) {
    for (const [place, page] of Object.entries(places)) {
      const variables = { ...page, filter };
      const { campaigns: found } = await ask<{ campaigns: { nodes: object[] } }>(
        gateway.url,
        PAGE,
        variables,
      );
      const one = ['idempotencyKey', 'msgId', 'msgDataId'].includes(filterName);
      if (!one) assert.ok(found.nodes.length > 0, `${filterName}, ${place}: there is something to find`);
      // What names one campaign has no depth.
      if (one && place !== 'first page') continue;
      const request = graphqlRequest(PAGE, variables);
      contestants[`${filterName}, ${place}`] = async () => {
        let left = requests;
        const { p50Ms } = await load({
          url: gateway.url,
          connections: 1,
          // What is slow is not asked for as often: it is known to be slow by then.
          seconds: 0.5,
          next: () => (left-- > 0 ? request : null),
          check: (status) => assert.equal(status, 200),
        });
        return p50Ms;
      };
    }
  }
  const found = await interleaved(Math.min(bench.rounds, 3), contestants);
  const slowest = (from: [string, number[]][]): string =>
    from.toSorted(([, one], [, other]) => median(other) - median(one))[0]?.[0] ?? '';
  const entries = Object.entries(found);
  const unfiltered = entries.filter(([name]) => name.startsWith('no filter') && name !== FIRST_PAGE);
  return {
    setup: `${campaigns.toLocaleString('en')} campaigns, at most ${requests} requests of each kind a round, one connection; p50`,
    series: entries.map(([name, values]) => ({ name, unit: 'ms', values })),
    comparisons: [
      { of: slowest(unfiltered), to: FIRST_PAGE, atMost: 3, against: 'floor' },
      { of: slowest(entries), to: FIRST_PAGE, atMost: 3, against: 'floor' },
    ],
  };
}
