import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { send, textToTag } from '../kit/actions.ts';
import { SENDALL } from '../kit/endpoints.ts';
import { createWorld } from '../kit/world.ts';

/** A request whose end is still to come, so that the gateway waits for it while it closes. */
async function begin(url: string, path: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${hostname}\r\n`);
  let answer = '';
  socket.on('data', (chunk: Buffer) => {
    answer += chunk;
  });
  return async (): Promise<string> => {
    socket.write('Connection: close\r\n\r\n');
    await once(socket, 'close');
    return answer;
  };
}

it('is not ready while it drains, says that it lives, and finishes what is under way', async () => {
  await using world = await createWorld();
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  world.sandbox.script(SENDALL, { gate, when: 'after' });
  const [ready, alive, metrics] = await Promise.all(
    ['/readyz', '/healthz', '/metrics'].map((path) => begin(world.url, path)),
  );
  const accepted = world.sandbox.waitFor('accepted');
  const sent = send(world, textToTag('one'));
  await accepted;
  const restarted = world.restart();
  expect(await ready!()).toMatch(/^HTTP\/1\.1 503 .*\nnot ready\r\n/s);
  expect(await alive!()).toMatch(/^HTTP\/1\.1 200 .*\nok\r\n/s);
  expect(await metrics!()).toMatch(/^HTTP\/1\.1 200 .*qunfa_jobs/s);
  open();
  expect((await sent).campaign.status).toBe('SENDING');
  await restarted;
  expect((await fetch(`${world.url}/readyz`)).status).toBe(200);
});
