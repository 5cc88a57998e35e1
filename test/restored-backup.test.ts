import { copyFileSync, cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, it } from 'vitest';
import { backupSqlite } from '../src/db/backup.ts';
import { startGateway } from '../src/server.ts';
import { createWorld, type World } from './kit/world.ts';

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) { ... on MassSendSuccess { campaign { id status failure { reason retryable } progress { estimatedFinishAt } } } ... on Error { message } }
}`;
const STATUS = `query ($id: ID!) { gateway { heldSince } campaign(id: $id) { status } }`;
const message = { text: { content: 'hello' } };

/** Copies the database as a backup tool would, without what lies beside it. */
function copyOf(world: World): string {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-copy-'));
  const path = world.config.databaseUrl.slice('file:'.length);
  for (const end of ['', '-wal']) cpSync(`${path}${end}`, join(folder, `qunfa.sqlite${end}`));
  return folder;
}

async function ask(url: string, query: string, variables: object): Promise<any> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return ((await response.json()) as any).data;
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

it('sends nothing from a copy of the database until somebody says so, and then nothing twice', async () => {
  await using world = await createWorld();
  world.sandbox.script('/cgi-bin/message/mass/sendall', { errcode: 42010 });
  const { massSend } = await world.query<any>(SEND, {
    input: { idempotencyKey: 'one', audience: { tagId: 100 }, message },
  });
  expect(massSend.campaign.status).toBe('PENDING');
  const folder = copyOf(world);
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(61_000);
  await accepted;

  const config = { ...world.config, databaseUrl: `file:${join(folder, 'qunfa.sqlite')}` };
  const id = massSend.campaign.id;
  {
    await using copy = await startGateway({ config, clock: world.clock, log: silent });
    await world.clock.advance(10 * 60_000);
    const { gateway, campaign } = await ask(copy.url, STATUS, { id });
    expect(gateway.heldSince).not.toBeNull();
    expect(campaign.status).toBe('UNKNOWN');
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
    const another = { idempotencyKey: 'another', audience: { tagId: 100 }, message };
    const waiting = (await ask(copy.url, SEND, { input: another })).massSend.campaign;
    expect(waiting).toMatchObject({
      status: 'PENDING',
      failure: { reason: expect.stringContaining('resumeSending'), retryable: true },
      progress: { estimatedFinishAt: null },
    });
    const cancel = 'mutation ($id: ID!) { cancelCampaign(id: $id) { __typename } }';
    await ask(copy.url, cancel, { id: waiting.id });
  }
  // Still held after another start; only a word of somebody's ends that.
  await using copy = await startGateway({ config, clock: world.clock, log: silent });
  expect((await ask(copy.url, STATUS, { id })).gateway.heldSince).not.toBeNull();
  const asked = world.sandbox.waitFor('request', ({ path }) => path === '/cgi-bin/message/mass/sendall');
  expect(await ask(copy.url, 'mutation { resumeSending { heldSince } }', {})).toEqual({
    resumeSending: { heldSince: null },
  });
  await asked;
  const { campaign } = await ask(copy.url, STATUS, { id });
  expect(['UNKNOWN', 'SENDING', 'SENT']).toContain(campaign.status);
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  rmSync(folder, { recursive: true, force: true });
});

const byAnotherTool = async (from: string, to: string) => {
  const source = new Sqlite(from, { readonly: true });
  await source.backup(to);
  source.close();
};

it.each([
  { tool: 'npm run backup', copy: backupSqlite, ends: 'was closed' },
  { tool: 'another tool', copy: byAnotherTool, ends: 'was closed' },
  { tool: 'another tool', copy: byAnotherTool, ends: 'was killed' },
])(
  'sends nothing twice from what $tool has copied, also where it lies in the place of the original, which $ends',
  async ({ copy, ends }) => {
    await using world = await createWorld();
    const folder = mkdtempSync(join(tmpdir(), 'qunfa-copy-'));
    const file = (name: string) => join(folder, name);
    const [path, backup] = [file('qunfa.sqlite'), file('backup.sqlite')];
    const start = () =>
      startGateway({
        config: { ...world.config, databaseUrl: `file:${path}` },
        clock: world.clock,
        log: silent,
      });
    {
      await using original = await start();
      world.sandbox.script('/cgi-bin/message/mass/sendall', { errcode: 42010 });
      await ask(original.url, SEND, {
        input: { idempotencyKey: 'one', audience: { tagId: 100 }, message },
      });
      await copy(path, backup);
      const accepted = world.sandbox.waitFor('accepted');
      await world.clock.advance(61_000);
      await accepted;
      await world.clock.advance(30_000);
      // What a process leaves behind that does not come to an end of its own.
      copyFileSync(`${path}.lock`, file('killed.lock'));
    }
    if (ends === 'was killed') copyFileSync(file('killed.lock'), `${path}.lock`);
    // Into the file that is there, so that it has the number that the original had.
    copyFileSync(backup, path);
    await using restored = await start();
    await world.clock.advance(10 * 60_000);
    expect((await ask(restored.url, '{ gateway { heldSince } }', {})).gateway.heldSince).not.toBeNull();
    expect(world.sandbox.sends(world.appId)).toHaveLength(1);
    rmSync(folder, { recursive: true, force: true });
  },
);

it('never sends from an old backup what WeChat may have forgotten', async () => {
  await using world = await createWorld();
  world.sandbox.script('/cgi-bin/message/mass/sendall', { errcode: 42010 });
  const { massSend } = await world.query<any>(SEND, {
    input: { idempotencyKey: 'one', audience: { tagId: 100 }, message },
  });
  const folder = copyOf(world);
  const accepted = world.sandbox.waitFor('accepted');
  await world.clock.advance(61_000);
  await accepted;
  await world.clock.advance(25 * 3_600_000);
  const config = { ...world.config, databaseUrl: `file:${join(folder, 'qunfa.sqlite')}` };
  await using copy = await startGateway({ config, clock: world.clock, log: silent, resume: true });
  await world.clock.advance(3_600_000);
  const { gateway, campaign } = await ask(copy.url, STATUS, { id: massSend.campaign.id });
  expect(gateway.heldSince).toBeNull();
  const { auditTrail } = await ask(
    copy.url,
    '{ auditTrail(first: 1) { nodes { caller action outcome } } }',
    {},
  );
  expect(auditTrail.nodes).toEqual([{ caller: 'operator', action: 'resumeSending', outcome: 'DONE' }]);
  expect(campaign.status).toBe('UNKNOWN');
  expect(world.sandbox.sends(world.appId)).toHaveLength(1);
  rmSync(folder, { recursive: true, force: true });
});

it('sends nothing from a copy that a new volume happens to give the number of the original', async () => {
  await using world = await createWorld();
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-copy-'));
  const path = join(folder, 'qunfa.sqlite');
  const config = { ...world.config, databaseUrl: `file:${path}` };
  const start = () => startGateway({ config, clock: world.clock, log: silent });
  const heldSince = async ({ url }: { url: string }) =>
    (await ask(url, '{ gateway { heldSince } }', {})).gateway.heldSince;
  for (const _ of ['a new database', 'the same again']) {
    await using original = await start();
    expect(await heldSince(original)).toBeNull();
  }
  // The file alone is what is copied; what lies beside it stays behind.
  rmSync(`${path}.lock`);
  await using copy = await start();
  expect(await heldSince(copy)).not.toBeNull();
  rmSync(folder, { recursive: true, force: true });
});

it('lets one gateway at a time have a database, by whatever name', async () => {
  await using world = await createWorld();
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-link-'));
  const link = join(folder, 'link.sqlite');
  symlinkSync(world.config.databaseUrl.slice('file:'.length), link);
  for (const databaseUrl of [world.config.databaseUrl, `file:${link}`]) {
    const config = { ...world.config, databaseUrl };
    const other = startGateway({ config, clock: world.clock, log: silent });
    await expect(other, databaseUrl).rejects.toThrow('another gateway runs on');
  }
  rmSync(folder, { recursive: true, force: true });
});

it('goes on with the lock that an earlier version has left', async () => {
  await using world = await createWorld();
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-copy-'));
  const path = join(folder, 'qunfa.sqlite');
  const lock = new Sqlite(`${path}.lock`);
  lock.exec(
    'create table seen (id integer primary key, fence integer not null); insert into seen values (1, 7)',
  );
  lock.close();
  const config = { ...world.config, databaseUrl: `file:${path}` };
  for (let start = 0; start < 2; start++) {
    await using gateway = await startGateway({ config, clock: world.clock, log: silent });
    expect(await ask(gateway.url, '{ gateway { heldSince } }', {})).toEqual({ gateway: { heldSince: null } });
  }
  rmSync(folder, { recursive: true, force: true });
});

it('goes on at once after a restart: a restart is no copy', async () => {
  await using world = await createWorld();
  await world.restart();
  const { gateway } = await world.query<any>('{ gateway { heldSince } }');
  expect(gateway.heldSince).toBeNull();
});
