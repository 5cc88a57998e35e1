import { createSecretKey } from 'node:crypto';
import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { requestsTo, SENDALL, STABLE_TOKEN } from '../kit/endpoints.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

const KEY = '0f'.repeat(32);
const OTHER = createSecretKey(Buffer.alloc(32, 7));

const storedIn = async (world: World): Promise<string[]> =>
  (await runSql(world.config.databaseUrl, 'select token from access_tokens order by app_id')).map(
    ({ token }) => token,
  );

const used = (world: World): (string | undefined)[] =>
  requestsTo(world, SENDALL).map(({ query }) => query.access_token);

const warnings = ({ log }: World) => log.filter(({ level }) => level === 'warn');

const encrypted = (): Promise<World> => createWorld({ env: { ENCRYPTION_KEY: KEY } });

it('is encrypted, another text every time, and is used again after a restart', async () => {
  await using world = await encrypted();
  await send(world, textToTag('1'));
  const [stored] = await storedIn(world);
  expect(stored).toMatch(/^sealed:/);
  expect(stored).not.toContain(used(world)[0]);
  await world.restart();
  await send(world, textToTag('2'));
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(1);
  expect(new Set(used(world)).size).toBe(1);
  expect(warnings(world)).toEqual([]);
});

it('is stored as it is without a key', async () => {
  await using world = await createWorld();
  await send(world, textToTag('1'));
  expect(await storedIn(world)).toEqual([used(world)[0]]);
});

it.each([
  ['another key', { encryptionKey: OTHER }],
  ['no key any more', { encryptionKey: null }],
])('is fetched anew with %s, and a warning that names no secret', async (_, settings) => {
  await using world = await encrypted();
  await send(world, textToTag('1'));
  const [before] = await storedIn(world);
  await world.restart(settings);
  await send(world, textToTag('2'));
  await send(world, textToTag('3'));
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
  expect(used(world)).not.toContain(before);
  expect(warnings(world)).toHaveLength(1);
  const logged = JSON.stringify(world.log);
  for (const secret of [...used(world), before, KEY]) expect(logged).not.toContain(secret);
});

it('is fetched anew and encrypted where it was stored before there was a key', async () => {
  await using world = await createWorld();
  await send(world, textToTag('1'));
  await world.restart({ encryptionKey: OTHER });
  await send(world, textToTag('2'));
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
  const [stored] = await storedIn(world);
  expect(stored).toMatch(/^sealed:/);
  for (const token of used(world)) expect(stored).not.toContain(token);
  expect(warnings(world)).toHaveLength(1);
});

it.each([
  ['cut short', `update access_tokens set token = substr(token, 1, 30)`],
  ['empty', `update access_tokens set token = 'sealed:'`],
  ['changed', `update access_tokens set token = substr(token, 1, 20) || 'AAAA' || substr(token, 25)`],
])('is fetched anew where it was %s', async (_, statement) => {
  await using world = await encrypted();
  await send(world, textToTag('1'));
  await runSql(world.config.databaseUrl, statement);
  expect(await send(world, textToTag('2'))).toMatchObject({ __typename: 'MassSendSuccess' });
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(2);
});

it("does not pass for another account's", async () => {
  const other = { appId: 'wx2222222222222222', appSecret: 'x', type: 'service' } as const;
  await using world = await createWorld({ others: [other], env: { ENCRYPTION_KEY: KEY } });
  await send(world, textToTag('1', { account: world.appId }));
  await send(world, textToTag('2', { account: other.appId }));
  const copy = `update access_tokens set token = (select token from access_tokens where app_id = '${world.appId}')`;
  await runSql(world.config.databaseUrl, `${copy} where app_id = '${other.appId}'`);
  await send(world, textToTag('3', { account: other.appId }));
  const [first, , third] = used(world);
  expect(third).not.toBe(first);
  expect(requestsTo(world, STABLE_TOKEN)).toHaveLength(3);
});
