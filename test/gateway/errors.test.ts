import { describe, expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { calls } from '../kit/calls.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { takeTableAway } from '../kit/sql.ts';
import type { Transport } from '../kit/subscribe.ts';
import { createWorld, type World } from '../kit/world.ts';

const LIST = '{ campaigns { nodes { id } } }';

/** What goes on without requests has errors of its own while a table is away. */
const errorsOfRequests = ({ log }: World) =>
  log.filter(({ level, context }) => level === 'error' && 'requestId' in context);

/** The one error line of the log, and the answer it belongs to. */
function expectMasked(world: World, answer: string): void {
  const { errors } = JSON.parse(answer);
  expect(errors).toEqual([
    {
      message: 'Unexpected error.',
      extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/^[\da-f-]{36}$/) },
      ...(errors[0].path ? { path: errors[0].path, locations: errors[0].locations } : {}),
    },
  ]);
  const { requestId } = errors[0].extensions;
  const lines = errorsOfRequests(world);
  expect(lines).toEqual([
    {
      level: 'error',
      message: expect.any(String),
      context: expect.objectContaining({ requestId, error: expect.any(Error) }),
    },
  ]);
  expect(answer).not.toMatch(
    /select|insert|"campaigns"\.|relation|no such table|node_modules|\.ts|stack|DrizzleQuery/i,
  );
}

describe('what breaks inside is told by an id only, under which the log has the rest', () => {
  it('in a query', async () => {
    await using world = await createWorld();
    await using _missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
    const { status, body } = await world.post({ query: LIST });
    expect(status).toBeLessThanOrEqual(500);
    expect(body.data).toBeNull();
    expectMasked(world, JSON.stringify({ errors: body.errors }));
  });

  it('in a mutation, and nothing reaches WeChat', async () => {
    await using world = await createWorld();
    await using _missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
    const secret = 'what the followers may not read yet';
    const query = 'mutation ($input: MassSendInput!) { massSend(input: $input) { __typename } }';
    const input = textToTag('one', { message: { text: { content: secret } } });
    const { body } = await world.post({ query, variables: { input } });
    expectMasked(world, JSON.stringify({ errors: body.errors }));
    expect(JSON.stringify(body)).not.toContain(secret);
    expect(calls(world)).toEqual([]);
  });

  it.each<Transport>(['SSE', 'WebSocket'])('over %s', async (transport) => {
    await using world = await createWorld();
    await using _missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
    const query = 'subscription { campaignUpdated(id: "cmp_a") { id } }';
    await using results = await world.subscribe(transport, query);
    const failure = await results.next().catch((error: unknown) => error);
    const errors = failure instanceof Error ? failure.message : JSON.stringify(failure);
    expectMasked(world, `{"errors":${errors}}`);
  });

  it('once, however many fields it takes down', async () => {
    await using world = await createWorld();
    await seedCampaigns(world, Array(5).fill({ articles: 1, copyrightState: 'NOT_REPRINT' }));
    await using _missing = await takeTableAway(world.config.databaseUrl, 'copyright_results');
    const query = '{ campaigns { nodes { id copyrightCheck { results { articleIndex } } } } }';
    const { body } = await world.post({ query });
    expect(body.data.campaigns.nodes.map(({ copyrightCheck }: any) => copyrightCheck)).toEqual(
      Array(5).fill(null),
    );
    const ids = new Set(body.errors.map(({ extensions }: any) => extensions.requestId));
    expect(ids.size).toBe(1);
    const lines = errorsOfRequests(world);
    expect(lines.map(({ context }: any) => context.requestId)).toEqual([...ids]);
  });
});

it('gives every request an id of its own', async () => {
  await using world = await createWorld();
  await using _missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
  const answers = await Promise.all([1, 2, 3].map(() => world.post({ query: LIST })));
  const ids = answers.map(({ body }) => body.errors[0].extensions.requestId);
  expect(new Set(ids).size).toBe(3);
  const logged = errorsOfRequests(world).map(({ context }: any) => context.requestId);
  expect(logged.sort()).toEqual(ids.sort());
});

it('is well again once the database is', async () => {
  await using world = await createWorld();
  await using missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
  expect((await world.post({ query: LIST })).body.errors).toHaveLength(1);
  await missing.putBack();
  expect(await send(world, textToTag('one'))).toMatchObject({ __typename: 'MassSendSuccess' });
});
