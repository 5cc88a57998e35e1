import { expect, it, vi } from 'vitest';
import { seedCampaigns } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';

const NESTED = `
  id status msgId msgDataId
  account { id appId name }
  counts { total eligible sent failed }
  failure { reason }
  articles { index title url copyright { articleIndex auditState } }
  copyrightCheck { state results { articleIndex auditState } }
  jobs { id index status msgId counts { sent } failure { code } copyrightCheck { state results { articleIndex } } }`;

const LIST = `query ($first: Int) { campaigns(first: $first) { nodes { ${NESTED} } edges { node { ${NESTED} } } pageInfo { endCursor } } }`;

/** The delivery engine looks for work once when it starts; these are the last questions of its two loops. */
const engineIsIdle = ({ sql }: World) =>
  vi.waitFor(() => {
    for (const column of ['send_before', 'next_poll_at'])
      expect(sql).toContainEqual(expect.stringMatching(new RegExp(`min\\("[^)]*${column}"\\)`)));
  });

async function statementsOf(world: World, run: () => Promise<unknown>): Promise<string[]> {
  await engineIsIdle(world);
  const before = world.sql.length;
  await run();
  return world.sql.slice(before);
}

it.each([1, 20, 100])(
  'reads %i campaigns with all that belongs to them in four statements',
  async (count) => {
    await using world = await createWorld();
    await seedCampaigns(world, Array(count).fill({ articles: 2, copyrightState: 'NOT_REPRINT' }));
    let read: any;
    const statements = await statementsOf(world, async () => {
      read = await world.query<any>(LIST, { first: Math.max(count, 20) });
    });
    expect(read.campaigns.nodes).toHaveLength(count);
    for (const node of read.campaigns.nodes) {
      expect(node.articles).toHaveLength(2);
      expect(node.articles[0]).toMatchObject({ title: 'Article 1', copyright: { auditState: 1 } });
      expect(node.copyrightCheck.results).toHaveLength(2);
      expect(node.jobs).toMatchObject([{ counts: { sent: 8 }, copyrightCheck: { state: 'NOT_REPRINT' } }]);
    }
    expect(statements.map((sql) => /from "(\w+)"/.exec(sql)?.[1]).sort()).toEqual([
      'campaigns',
      'copyright_results',
      'job_articles',
      'jobs',
    ]);
  },
);

it('reads several nodes of a kind in one statement', async () => {
  await using world = await createWorld();
  const ids = await seedCampaigns(world, Array(5).fill({}));
  const fields = ids.flatMap((id, index) => [
    `c${index}: node(id: "${id}") { id }`,
    `d${index}: campaign(id: "${id}") { id jobs { id } }`,
    `j${index}: node(id: "${id.replace('cmp', 'job')}") { id ... on SendJob { clientMsgId } }`,
  ]);
  const statements = await statementsOf(world, () => world.query(`{ ${fields.join(' ')} }`));
  expect(statements.map((sql) => /from "(\w+)"/.exec(sql)?.[1]).sort()).toEqual([
    'campaigns',
    'jobs',
    'jobs',
  ]);
});
