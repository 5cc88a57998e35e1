import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bearer } from '../kit/bearer.ts';
import { API_KEYS, SECRETS } from '../kit/keys.ts';
import { seedCampaigns } from '../kit/seed.ts';
import { createWorld, type World } from '../kit/world.ts';

const CAMPAIGNS = '{ campaigns { nodes { id } } }';

interface Asked {
  query: string;
  headers?: Record<string, string>;
}

/** Writes requests in one piece, so that the gateway reads them in one turn; their answers come in order. */
async function askTogether({ url }: World, asked: readonly Asked[]): Promise<any[]> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const requests = asked.map(({ query, headers }, index) => {
    const body = JSON.stringify({ query });
    const own = {
      host,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      connection: index === asked.length - 1 ? 'close' : 'keep-alive',
      ...headers,
    };
    const lines = Object.entries(own).map(([name, value]) => `${name}: ${value}`);
    return `POST /graphql HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
  });
  socket.write(requests.join(''));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await once(socket, 'close');
  return [...text.matchAll(/\r\n\r\n(\{.*?\})(?=HTTP\/1.1|$)/gs)].map(([, body = '']) => JSON.parse(body));
}

/** Statements that read campaigns. */
const readings = ({ sql }: World, from: number) =>
  sql.slice(from).filter((statement) => /from "campaigns"/.test(statement) && /limit/.test(statement));

it('reads once for all who ask the same in one turn, and for each turn anew', async () => {
  await using world = await createWorld();
  await seedCampaigns(world, [{ id: 'cmp_one' }]);
  await world.query(CAMPAIGNS);
  const before = world.sql.length;
  const answers = await askTogether(world, Array(5).fill({ query: CAMPAIGNS }));
  expect(answers).toEqual(Array(5).fill({ data: { campaigns: { nodes: [{ id: 'cmp_one' }] } } }));
  expect(readings(world, before)).toHaveLength(1);

  await seedCampaigns(world, [{ id: 'cmp_two', msgId: '2', msgDataId: '2' }]);
  const later = await askTogether(world, Array(2).fill({ query: CAMPAIGNS }));
  const ids = later.map(({ data }) => data.campaigns.nodes.map(({ id }: { id: string }) => id).sort());
  expect(ids).toEqual(Array(2).fill(['cmp_one', 'cmp_two']));
  expect(readings(world, before)).toHaveLength(2);
});

it('tells the cost only those who ask for it', async () => {
  await using world = await createWorld();
  await world.query(CAMPAIGNS);
  const [plain, costly] = await askTogether(world, [
    { query: CAMPAIGNS },
    { query: CAMPAIGNS, headers: { 'graphql-cost': '1' } },
  ]);
  expect(plain).toEqual({ data: { campaigns: { nodes: [] } } });
  expect(costly).toMatchObject({ ...plain, extensions: { cost: { cost: expect.any(Number) } } });
});

it('shares nothing between keys: each is told what it may know', async () => {
  await using world = await createWorld({ env: { API_KEYS }, secret: SECRETS.admin });
  const query = '{ auditTrail(first: 1) { nodes { action } } }';
  expect(await world.query(query)).toEqual({ auditTrail: { nodes: [] } });
  const ask = (secret: string) => ({ query, headers: bearer(secret) });
  const [admin, reader, again] = await askTogether(world, [
    ask(SECRETS.admin),
    ask(SECRETS.reader),
    ask(SECRETS.admin),
  ]);
  expect(admin).toEqual({ data: { auditTrail: { nodes: [] } } });
  expect(reader.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  expect(again).toEqual(admin);
});

it('gives nothing that others read to one whose key has gone meanwhile', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'qunfa-keys-')), 'keys');
  const holdsFor = (secret: string) => writeFileSync(file, `reader:${secret}:read\n`);
  holdsFor(SECRETS.reader);
  await using world = await createWorld({ env: { API_KEYS_FILE: file }, secret: SECRETS.reader });
  await world.query(CAMPAIGNS);
  const { hostname, port, host } = new URL(world.url);
  const body = JSON.stringify({ query: CAMPAIGNS });
  const begin = async (secret: string) => {
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk;
    });
    const { authorization } = bearer(secret);
    const lines = ['content-type: application/json', `content-length: ${body.length}`, 'connection: close'];
    // Answered once the head has been read.
    lines.push('expect: 100-continue');
    socket.write(
      `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: ${authorization}\r\n${lines.join('\r\n')}\r\n\r\n{`,
    );
    await once(socket, 'data');
    const answered = once(socket, 'close').then(() => text);
    return { finish: () => socket.write(body.slice(1)), answered };
  };
  const old = await begin(SECRETS.reader);
  holdsFor('another-secret-of-the-reader');
  await world.reloadKeys();
  const other = await begin('another-secret-of-the-reader');
  other.finish();
  old.finish();
  expect(await other.answered).toContain('{"data":{"campaigns":{"nodes":[]}}}');
  expect(await old.answered).toContain('"code":"FORBIDDEN"');
});
