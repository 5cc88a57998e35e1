import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { silentLog } from '../src/log.ts';
import { startGateway } from '../src/server.ts';
import { send, textToTag } from './kit/actions.ts';
import { SENDALL } from './kit/endpoints.ts';
import { runSql } from './kit/sql.ts';
import { createWorld, type World } from './kit/world.ts';

const SCRIPT = join(import.meta.dirname, '../scripts/backup.ts');

async function backUp(databaseUrl: string, ...files: string[]) {
  const child = spawn(process.execPath, [SCRIPT, ...files], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, output };
}

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'qunfa-backup-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
};

const statusesOf = async (url: string): Promise<{ heldSince: string | null; statuses: string[] }> => {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ gateway { heldSince } campaigns(first: 100) { nodes { status } } }' }),
  });
  const { data } = (await response.json()) as any;
  return {
    heldSince: data.gateway.heldSince,
    statuses: data.campaigns.nodes.map(({ status }: { status: string }) => status),
  };
};

const sends = (world: World) => world.sandbox.sends(world.appId).map(({ msgId }) => msgId);

it('backs up during sends; what is restored sends nothing until it is told to, and then nothing twice', async () => {
  await using world = await createWorld();
  using place = folder();
  const [during, waiting] = ['during.sqlite', 'waiting.sqlite'].map((name) => join(place.path, name)) as [
    string,
    string,
  ];
  const keys = Array.from({ length: 20 }, (_, index) => `number ${index}`);
  const [made] = await Promise.all([
    backUp(world.config.databaseUrl, during),
    ...keys.map((key) => send(world, textToTag(key))),
  ]);
  expect(made).toEqual({ code: 0, output: expect.stringMatching(/during\.sqlite: \d+ bytes, checked/) });
  world.sandbox.script(SENDALL, { errcode: 42010 });
  await send(world, textToTag('too fast'));
  await backUp(world.config.databaseUrl, waiting);
  expect(readdirSync(place.path)).toEqual(['during.sqlite', 'waiting.sqlite']);
  expect(statSync(waiting).mode & 0o777).toBe(0o600);
  // The original goes on, and sends what the copies hold as not yet sent.
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(61_000);
  await accepted;
  const before = sends(world);
  expect(before).toHaveLength(21);

  for (const file of [during, waiting]) {
    const config = { ...world.config, databaseUrl: `file:${file}` };
    {
      await using copy = await startGateway({ config, clock: world.clock, log: silentLog });
      await world.clock.advance(60_000);
      const { heldSince, statuses } = await statusesOf(copy.url);
      expect(heldSince).not.toBeNull();
      expect(statuses).not.toContain('PENDING');
    }
    await using copy = await startGateway({ config, clock: world.clock, log: silentLog, resume: true });
    const settled = async () => {
      const { heldSince, statuses } = await statusesOf(copy.url);
      expect(heldSince).toBeNull();
      return statuses.every((status) => status === 'SENDING' || status === 'SENT');
    };
    // What is in doubt is asked for at once. The clock stands, or it would run away from what is under way.
    await expect.poll(settled).toBe(true);
    expect(sends(world)).toEqual(before);
  }
});

it('is whole, with every row, while the gateway goes on writing', async () => {
  await using world = await createWorld();
  using place = folder();
  for (const key of ['one', 'two']) await send(world, textToTag(key));
  const file = join(place.path, 'backup.sqlite');
  await backUp(world.config.databaseUrl, file);
  const rows = (url: string) => runSql(url, 'select id, status from campaigns order by id');
  const [copied, original] = await Promise.all([rows(`file:${file}`), rows(world.config.databaseUrl)]);
  expect(copied.map(({ id }) => id)).toEqual(original.map(({ id }) => id));
});

it('never overwrites: neither a file that is there nor one that another backup is writing', async () => {
  await using world = await createWorld();
  using place = folder();
  const file = join(place.path, 'backup.sqlite');
  writeFileSync(file, 'somebody else’s');
  const there = await backUp(world.config.databaseUrl, file);
  expect(there).toMatchObject({ code: 1, output: expect.stringContaining('is there already') });
  expect(readFileSync(file, 'utf8')).toBe('somebody else’s');
  expect(readdirSync(place.path)).toEqual(['backup.sqlite']);
  const other = join(place.path, 'other.sqlite');
  writeFileSync(`${other}.partial`, 'half');
  expect((await backUp(world.config.databaseUrl, other)).code).toBe(1);
  expect(readFileSync(`${other}.partial`, 'utf8')).toBe('half');
});

it('says what is wrong where it cannot, and leaves nothing behind', async () => {
  using place = folder();
  const file = join(place.path, 'backup.sqlite');
  expect(await backUp('file:/nowhere/at/all.sqlite', file)).toMatchObject({
    code: 1,
    output: expect.stringContaining('there is no database'),
  });
  expect(await backUp('postgres://me:hush-hush@db/qunfa', file)).toMatchObject({
    code: 78,
    output: expect.stringContaining('pg_dump'),
  });
  expect((await backUp('file:x')).code).toBe(64);
  const damaged = join(place.path, 'damaged.sqlite');
  writeFileSync(damaged, 'this is no database, though it is long enough to be looked at'.repeat(100));
  expect(await backUp(`file:${damaged}`, file)).toMatchObject({ code: 1 });
  expect(readdirSync(place.path)).toEqual(['damaged.sqlite']);
});
