import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { closed } from '../kit/closed.ts';
import { oneWorld } from '../kit/one-world.ts';
import { pushForeignResults } from '../kit/pushes.ts';
import { takeTableAway } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

async function get(
  world: World,
  path: string,
): Promise<{ status: number; type: string | null; body: string }> {
  const response = await fetch(world.url + path);
  return { status: response.status, type: response.headers.get('content-type'), body: await response.text() };
}

/** Writes a request byte for byte and gives the whole answer. */
async function getRaw(world: World, target: string, ...headers: string[]): Promise<string> {
  const { hostname, port } = new URL(world.url);
  const socket = connect(Number(port), hostname);
  socket.write([`GET ${target} HTTP/1.1`, `Host: ${hostname}`, ...headers, '', ''].join('\r\n'));
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
}

const untouched = oneWorld();

it('says that it lives', async () => {
  const world = untouched();
  expect(await get(world, '/healthz')).toMatchObject({ status: 200, body: 'ok' });
});

it('is ready while its database answers, and only then', async () => {
  await using world = await createWorld();
  expect(await get(world, '/readyz')).toMatchObject({ status: 200, body: 'ready' });
  await using missing = await takeTableAway(world.config.databaseUrl, 'campaigns');
  expect(await get(world, '/readyz')).toMatchObject({ status: 503, body: 'not ready' });
  expect(await get(world, '/healthz')).toMatchObject({ status: 200 });
  await missing.putBack();
  expect(await get(world, '/readyz')).toMatchObject({ status: 200 });
});

it('is not ready while nothing can be stored, though everything can be read', async () => {
  await using world = await createWorld();
  const up = async () => /^qunfa_database_up (\d)$/m.exec((await get(world, '/metrics')).body)?.[1];
  {
    await using audit = await takeTableAway(world.config.databaseUrl, 'audit');
    await using staged = await takeTableAway(world.config.databaseUrl, 'staged_requests');
    expect(
      (await world.post({ query: 'mutation { setSpeed(level: 1) { __typename } }' })).body.errors,
    ).toHaveLength(1);
    // A commit that can be made says nothing of those that cannot.
    await pushForeignResults(world, 1);
    expect(await get(world, '/readyz')).toMatchObject({ status: 503 });
    expect(await up()).toBe('0');
    await Promise.all([audit.putBack(), staged.putBack()]);
  }
  expect(await get(world, '/readyz')).toMatchObject({ status: 200 });
  await world.clock.advance(10_000);
  expect(await up()).toBe('1');
});

it('shows whoever opens the bare address where to go on', async () => {
  const world = untouched();
  const { status, type, body } = await get(world, '/');
  expect({ status, type }).toEqual({ status: 200, type: 'text/html; charset=utf-8' });
  expect(body).toContain('href="/graphql"');
  expect(body).toContain('GraphiQL');
});

it('has nothing elsewhere', async () => {
  const world = untouched();
  for (const path of ['/nothing', '/healthz/', '/graphql2', '/wechat/callback', '/wechat/callback/a/b']) {
    expect(await get(world, path), path).toMatchObject({ status: 404 });
  }
});

it('answers odd addresses, and goes on', async () => {
  const world = untouched();
  for (const target of ['//', '//:', 'http://[', '*', '/%']) {
    expect(await getRaw(world, target, 'Connection: close'), target).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(await get(world, '/healthz')).toMatchObject({ status: 200 });
  }
});

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];

it('refuses a WebSocket at every other address, however odd, and goes on', async () => {
  const world = untouched();
  const headers = [...UPGRADE, 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  for (const target of ['//', '//:', 'http://[', '/nothing']) {
    expect(await getRaw(world, target, ...headers), target).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(await get(world, '/healthz')).toMatchObject({ status: 200 });
  }
});

it('goes on when whoever asks for a WebSocket where there is none resets the line', async () => {
  const world = untouched();
  const { hostname, port } = new URL(world.url);
  for (let round = 0; round < 20; round++) {
    const socket = connect(Number(port), hostname);
    socket.on('error', () => {});
    await once(socket, 'connect');
    socket.write(['GET /nothing HTTP/1.1', `Host: ${hostname}`, ...UPGRADE, '', ''].join('\r\n'), () =>
      socket.resetAndDestroy(),
    );
    await closed(socket);
  }
  expect(await get(world, '/healthz')).toMatchObject({ status: 200 });
});
