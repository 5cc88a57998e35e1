import { describe, expect, it } from 'vitest';
import { bearer } from '../kit/bearer.ts';
import { nextRequest, requestsTo, SENDALL } from '../kit/endpoints.ts';
import { API_KEYS, askOver, type KeyName, SECRETS } from '../kit/keys.ts';
import { oneWorld } from '../kit/one-world.ts';
import { rootFields } from '../kit/root-fields.ts';
import { runSql, takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const TRAIL = `query ($first: Int, $after: String, $caller: String, $action: String, $target: String) {
  auditTrail(first: $first, after: $after, caller: $caller, action: $action, target: $target) {
    head
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor }
    nodes { id at caller address action account target outcome askedIn requestId arguments hash }
  }
}`;

const trailOf = async (world: World, variables: object = {}): Promise<any> => {
  const { body } = await world.post({ query: TRAIL, variables }, bearer(SECRETS.admin));
  expect(body.errors).toBeUndefined();
  return body.data.auditTrail;
};

/** Oldest first. */
const entriesOf = async (world: World, variables: object = {}): Promise<any[]> =>
  (await trailOf(world, { first: 100, ...variables })).nodes.toReversed();

const withKeys = (): Promise<World> => createWorld({ env: { API_KEYS } });

const SEND = `mutation ($input: MassSendInput!) { massSend(input: $input) {
  __typename ... on MassSendSuccess { replayed campaign { id } } ... on WechatError { failedCampaign { id } } } }`;

const input = (idempotencyKey: string, more: object = {}) => ({
  idempotencyKey,
  audience: { tagId: 100 },
  message: { text: { content: 'what nobody may read yet' } },
  ...more,
});

const send = async (world: World, key: KeyName, variables: object): Promise<any> =>
  (await world.post({ query: SEND, variables }, bearer(SECRETS[key]))).body.data?.massSend;

it('tells who asked for what, when, from where, and what came of it', async () => {
  await using world = await withKeys();
  const { campaign } = await send(world, 'sender', { input: input('one') });
  const [asked, ended, ...more] = await entriesOf(world);
  expect(more).toEqual([]);
  const told = {
    at: world.clock.now().toISOString(),
    caller: 'sender',
    address: '127.0.0.1',
    action: 'massSend',
    account: world.appId,
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    arguments:
      '{"input":{"audience":{"tagId":100},"idempotencyKey":"one","message":{"text":{"content":"<24 characters>"}},"sendIgnoreReprint":false}}',
    hash: expect.stringMatching(/^[\da-f]{64}$/),
  };
  expect(asked).toEqual({ ...told, id: '1', target: null, outcome: 'ASKED', askedIn: null });
  expect(ended).toEqual({ ...told, id: '2', target: campaign.id, outcome: 'DONE', askedIn: '1' });
  expect(ended.requestId).toBe(asked.requestId);
});

it('names the job that was to be settled, also where that comes to nothing', async () => {
  await using world = await withKeys();
  const query = 'mutation { settleSend(jobId: "job_nowhere") { __typename } }';
  await world.post({ query }, bearer(SECRETS.admin));
  expect(await entriesOf(world)).toMatchObject([
    { outcome: 'ASKED', arguments: '{"jobId":"job_nowhere"}' },
    { outcome: 'INVALID_INPUT', arguments: '{"jobId":"job_nowhere"}' },
  ]);
});

it('has the intent on record before WeChat is called', async () => {
  await using world = await withKeys();
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'before' });
  const called = nextRequest(world, SENDALL);
  const sent = send(world, 'sender', { input: input('one') });
  await called;
  expect(await entriesOf(world)).toMatchObject([{ caller: 'sender', outcome: 'ASKED' }]);
  gate.resolve();
  await sent;
  expect(await entriesOf(world)).toMatchObject([{ outcome: 'ASKED' }, { outcome: 'DONE' }]);
});

it('does nothing that cannot be put on record', async () => {
  await using world = await withKeys();
  await using missing = await takeTableAway(world.config.databaseUrl, 'audit');
  const { body } = await world.post(
    { query: SEND, variables: { input: input('one') } },
    bearer(SECRETS.sender),
  );
  expect(body.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]);
  expect(world.sandbox.requests).toEqual([]);
  await missing.putBack();
  const { body: read } = await world.post({ query: '{ campaigns { totalCount } }' }, bearer(SECRETS.sender));
  expect(read.data.campaigns.totalCount).toBe(0);
});

it('tells the caller what was done where only its end cannot be put on record, and the log that', async () => {
  await using world = await withKeys();
  const gate = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate: gate.promise, when: 'before' });
  const called = nextRequest(world, SENDALL);
  const sent = send(world, 'sender', { input: input('one') });
  await called;
  await using missing = await takeTableAway(world.config.databaseUrl, 'audit');
  gate.resolve();
  expect(await sent).toMatchObject({ __typename: 'MassSendSuccess' });
  const errors = world.log.filter(({ level }) => level === 'error');
  expect(errors).toMatchObject([{ context: { caller: 'sender', action: 'massSend', outcome: 'DONE' } }]);
  await missing.putBack();
});

describe('an outcome', () => {
  const outcomesOf = async (world: World): Promise<any[]> =>
    (await entriesOf(world)).filter(({ outcome }) => outcome !== 'ASKED');

  it('REPLAYED and IDEMPOTENCY_CONFLICT name the campaign of then', async () => {
    await using world = await withKeys();
    const { campaign } = await send(world, 'sender', { input: input('one') });
    await send(world, 'admin', { input: input('one') });
    await send(world, 'sender', { input: input('one', { audience: { tagId: 101 } }) });
    expect(await outcomesOf(world)).toMatchObject([
      { outcome: 'DONE', caller: 'sender', target: campaign.id },
      { outcome: 'REPLAYED', caller: 'admin', target: campaign.id },
      { outcome: 'IDEMPOTENCY_CONFLICT', caller: 'sender', target: campaign.id },
    ]);
  });

  it('INVALID_INPUT is of what was refused before WeChat was called', async () => {
    await using world = await withKeys();
    await send(world, 'sender', { input: input('one', { message: { text: { content: '' } } }) });
    await send(world, 'sender', { input: input('two', { account: 'wx-nobody' }) });
    await askOver.HTTP(
      world,
      SECRETS.sender,
      'mutation { cancelCampaign(id: "cmp_nothing") { __typename } }',
    );
    await askOver.HTTP(world, SECRETS.sender, 'mutation { cancelCampaign(id: "\\u0000") { __typename } }');
    expect(await outcomesOf(world)).toMatchObject([
      { outcome: 'INVALID_INPUT', account: world.appId },
      { outcome: 'INVALID_INPUT', account: null },
      { outcome: 'INVALID_INPUT', target: 'cmp_nothing' },
      { outcome: 'INVALID_INPUT', target: null },
    ]);
    expect(world.sandbox.requests).toEqual([]);
  });

  it('WECHAT_ERROR names the campaign that was stored', async () => {
    await using world = await withKeys();
    world.sandbox.script(SENDALL, { errcode: 48001 });
    const { failedCampaign } = await send(world, 'sender', { input: input('one') });
    expect(await outcomesOf(world)).toMatchObject([{ outcome: 'WECHAT_ERROR', target: failedCampaign.id }]);
  });

  it('QUOTA_EXCEEDED is of a quota', async () => {
    await using world = await createWorld({ account: { limits: { previewsPerDay: 0 } }, env: { API_KEYS } });
    const query =
      'mutation { preview(input: { to: { wxName: "somebody" }, message: { text: { content: "x" } } }) { __typename } }';
    await askOver.HTTP(world, SECRETS.sender, query);
    expect(await outcomesOf(world)).toMatchObject([{ outcome: 'QUOTA_EXCEEDED', action: 'preview' }]);
  });

  it('FAILED is of what broke inside', async () => {
    await using world = await withKeys();
    await using missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
    await send(world, 'sender', { input: input('one') });
    await missing.putBack();
    expect(await outcomesOf(world)).toMatchObject([{ outcome: 'FAILED', target: null }]);
  });

  it('FORBIDDEN is the only entry of what a key may not do', async () => {
    await using world = await withKeys();
    await send(world, 'reader', { input: input('one') });
    await askOver.WebSocket(world, SECRETS.sender, 'mutation { resumeSending { heldSince } }');
    expect(await entriesOf(world)).toMatchObject([
      { caller: 'reader', action: 'massSend', outcome: 'FORBIDDEN', askedIn: null },
      { caller: 'sender', action: 'resumeSending', outcome: 'FORBIDDEN', arguments: null },
    ]);
  });
});

it('has every mutation there is', async () => {
  await using world = await withKeys();
  const mutations = rootFields().filter(({ root }) => root === 'mutation');
  for (const { operation, files } of mutations) await askOver.HTTP(world, SECRETS.admin, operation, files);
  const entries = await entriesOf(world);
  expect(entries.map(({ action }) => action)).toEqual(mutations.flatMap(({ name }) => [name, name]));
  expect(entries.filter(({ outcome }) => outcome === 'FAILED')).toEqual([]);
  for (const [index, { askedIn }] of entries.entries())
    expect(askedIn).toBe(index % 2 === 0 ? null : String(index));
});

it('holds no content, no OpenID, no name and no file', async () => {
  await using world = await withKeys();
  const secrets = ['oABCDEFGHIJKLMNOPQRSTUVWXYZ01', 'a_wechat_name', 'what nobody may read yet', 'no image'];
  const [openId, wxName] = secrets;
  await send(world, 'sender', { input: input('one', { audience: { openIds: [openId, `${openId}2`] } }) });
  for (const to of [`openId: "${openId}"`, `wxName: "${wxName}"`]) {
    const message = '{ text: { content: "what nobody may read yet" } }';
    const query = `mutation { preview(input: { to: { ${to} }, message: ${message} }) { __typename } }`;
    await askOver.HTTP(world, SECRETS.sender, query);
  }
  const upload = 'mutation ($file: File!) { uploadImage(file: $file) { __typename } }';
  await askOver.HTTP(world, SECRETS.sender, upload, ['file']);
  const kept = JSON.stringify(await runSql(world.config.databaseUrl, 'select * from audit'));
  expect(kept).toContain('<2 entries>');
  expect(kept).toContain('<file>');
  for (const secret of secrets) expect(kept).not.toContain(secret);
});

it('has nothing of queries, and of what asks for no mutation', async () => {
  await using world = await withKeys();
  await askOver.HTTP(world, SECRETS.admin, '{ accounts { appId } }');
  await askOver.HTTP(world, SECRETS.admin, 'mutation { nothing }');
  await askOver.HTTP(world, null, 'mutation { setSpeed(level: 1) { __typename } }');
  expect(await entriesOf(world)).toEqual([]);
});

it('calls whoever asks local where the gateway has no keys', async () => {
  await using world = await createWorld();
  await world.post({ query: SEND, variables: { input: input('one') } });
  const entries = await entriesOf(world);
  expect(entries).toMatchObject([
    { caller: 'local', outcome: 'ASKED' },
    { caller: 'local', outcome: 'DONE' },
  ]);
});

it('is one chain under writers at once, and goes on after a restart', async () => {
  await using world = await withKeys();
  const speeds = () =>
    Array.from({ length: 10 }, (_, level) =>
      askOver.HTTP(world, SECRETS.admin, `mutation { setSpeed(level: ${level % 5}) { __typename } }`),
    );
  await Promise.all(speeds());
  await world.restart();
  await Promise.all(speeds());
  const entries = await entriesOf(world);
  expect(entries.map(({ id }) => Number(id))).toEqual(Array.from({ length: 40 }, (_, index) => index + 1));
  expect(new Set(entries.map(({ hash }) => hash)).size).toBe(40);
  expect((await trailOf(world)).head).toBe(entries.at(-1).hash);
});

describe('auditTrail', () => {
  it('is read in pages, newest first', async () => {
    await using world = await withKeys();
    for (const level of [0, 1, 2])
      await askOver.HTTP(world, SECRETS.admin, `mutation { setSpeed(level: ${level}) { __typename } }`);
    const first = await trailOf(world, { first: 4 });
    expect(first.nodes.map(({ id }: any) => id)).toEqual(['6', '5', '4', '3']);
    expect(first.pageInfo).toEqual({
      hasNextPage: true,
      hasPreviousPage: false,
      startCursor: first.edges[0].cursor,
      endCursor: first.edges[3].cursor,
    });
    const second = await trailOf(world, { first: 4, after: first.pageInfo.endCursor });
    expect(second.nodes.map(({ id }: any) => id)).toEqual(['2', '1']);
    expect(second.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    expect(second.head).toBe(first.nodes[0].hash);
  });

  it('is asked by caller, action and target', async () => {
    await using world = await withKeys();
    const { campaign } = await send(world, 'sender', { input: input('one') });
    await send(world, 'admin', { input: input('one') });
    await askOver.HTTP(world, SECRETS.reader, 'mutation { setSpeed(level: 1) { __typename } }');
    const ids = async (variables: object) => (await entriesOf(world, variables)).map(({ id }) => id);
    expect(await ids({ caller: 'sender' })).toEqual(['1', '2']);
    expect(await ids({ caller: 'admin', target: campaign.id })).toEqual(['4']);
    expect(await ids({ target: campaign.id })).toEqual(['2', '4']);
    expect(await ids({ action: 'setSpeed' })).toEqual(['5']);
    expect(await ids({ caller: 'nobody' })).toEqual([]);
  });

  const untouched = oneWorld({ env: { API_KEYS } });

  it.each([
    ['first: 0', /first must be 1 to 100/],
    ['first: 101', /first must be 1 to 100/],
    ['after: "x"', /after is not a cursor/],
    ['after: "99999999999999999999"', /after is not a cursor/],
    ['caller: "\\u0000"', /caller/],
  ])('refuses %s', async (args, message) => {
    const world = untouched();
    const { errors } = await askOver.HTTP(world, SECRETS.admin, `{ auditTrail(${args}) { head } }`);
    expect(errors).toMatchObject([
      { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
  });
});

it.each([
  `update audit set caller = 'somebody else' where id = 1`,
  'delete from audit where id = 2',
  'delete from audit',
])('is append-only for whoever writes to the database: %s', async (statement) => {
  await using world = await withKeys();
  await askOver.HTTP(world, SECRETS.admin, 'mutation { setSpeed(level: 1) { __typename } }');
  const before = await entriesOf(world);
  await expect(runSql(world.config.databaseUrl, statement)).rejects.toThrow(/only ever appended to/);
  expect(await entriesOf(world)).toEqual(before);
});

it('cannot be emptied or written over by what passes the usual triggers by', async () => {
  await using world = await withKeys();
  await askOver.HTTP(world, SECRETS.admin, 'mutation { setSpeed(level: 1) { __typename } }');
  const { databaseUrl } = world.config;
  const columns = `(id, at, caller, action, outcome, hash) values (1, '2026-01-01 00:00:00.000', 'x', 'x', 'DONE', 'x')`;
  const statements = databaseUrl.startsWith('file:')
    ? [`insert or replace into audit ${columns}`, `replace into audit ${columns}`]
    : ['truncate audit', `insert into audit ${columns} on conflict (id) do update set caller = 'x'`];
  for (const statement of statements)
    await expect(runSql(databaseUrl, statement)).rejects.toThrow(/only ever appended to/);
  expect(await entriesOf(world)).toHaveLength(2);
});

it('names the account that is meant, and no token is fetched for what was refused', async () => {
  await using world = await withKeys();
  await send(world, 'sender', { input: input('one', { account: world.appId }) });
  expect(await entriesOf(world)).toMatchObject([{ account: world.appId }, { account: world.appId }]);
  expect(requestsTo(world, SENDALL)).toHaveLength(1);
});
