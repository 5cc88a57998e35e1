import { expect, it } from 'vitest';
import { mass, openIds, startSandbox, text, toTag } from './kit.ts';

const path = mass('send');
const message = { touser: openIds(2), ...text('hello'), clientmsgid: 'send-1' };

async function startScripted() {
  const started = await startSandbox();
  const { sandbox, call, post, account } = started;
  const send = () => call(path, message);
  const sendRaw = (signal?: AbortSignal) => post(path, JSON.stringify(message), signal);
  const accepted = () => sandbox.sends(account.appId).length;
  return { ...started, send, sendRaw, accepted };
}

it('answers one scripted errcode a call, in order, and then as usual', async () => {
  await using started = await startScripted();
  const { sandbox, send, accepted } = started;
  sandbox.script(path, { errcode: 42010 }, { pass: true }, { errcode: 99999, errmsg: 'new' });
  expect(await send()).toEqual({
    errcode: 42010,
    errmsg: expect.stringMatching(/^masssend fast, retry again rid: /),
  });
  expect(accepted()).toBe(0);
  expect(await send()).toMatchObject({ errcode: 0 });
  expect(await send()).toMatchObject({ errcode: 99999, errmsg: expect.stringMatching(/^new rid: /) });
  expect(await send()).toMatchObject({ errcode: 45065 });
});

it('scripts each path by itself, tokens too, and no path that it does not have', async () => {
  await using started = await startScripted();
  const { sandbox, send, fetchToken } = started;
  sandbox.script('/cgi-bin/token', { errcode: -1 });
  expect(await send()).toMatchObject({ errcode: 0 });
  expect(await fetchToken()).toBe('undefined');
  expect(await fetchToken()).not.toBe('undefined');
  expect(() => sandbox.script('/cgi-bin/message/send', { pass: true })).toThrow('has no endpoint');
});

it.each([
  ['before', 0, 0],
  ['after', 1, 45065],
] as const)('drops the connection %s the send took effect', async (drop, effect, repeated) => {
  await using started = await startScripted();
  const { sandbox, send, accepted } = started;
  sandbox.script(path, { drop });
  await expect(send()).rejects.toThrow('fetch failed');
  expect(accepted()).toBe(effect);
  expect(await send()).toMatchObject({ errcode: repeated, msg_id: 3147483648 });
});

it.each([
  ['before', 0],
  ['after', 1],
] as const)('answers with an HTML page %s the send took effect', async (when, effect) => {
  await using started = await startScripted();
  const { sandbox, sendRaw, accepted } = started;
  sandbox.script(path, { html: 502, when });
  const response = await sendRaw();
  expect(response.status).toBe(502);
  expect(await response.text()).toMatch(/^<html>/);
  expect(accepted()).toBe(effect);
});

it('answers any other text', async () => {
  await using started = await startScripted();
  const { sandbox, sendRaw, accepted } = started;
  sandbox.script(path, { body: '{"errcode":0', when: 'after' }, { body: '' });
  expect(await (await sendRaw()).text()).toBe('{"errcode":0');
  expect(await (await sendRaw()).text()).toBe('');
  expect(accepted()).toBe(1);
});

it.each([
  ['before', 0, 0],
  ['after', 1, 45065],
] as const)('never answers, having hung up %s the send took effect', async (hang, effect, repeated) => {
  await using started = await startScripted();
  const { sandbox, send, sendRaw, accepted } = started;
  sandbox.script(path, { hang });
  const leave = new AbortController();
  const arrived = sandbox.waitFor('request');
  const hanging = sendRaw(leave.signal);
  await arrived;
  // The first try is still being worked on as long as its connection is open.
  expect(await send()).toMatchObject({ errcode: 45066 });
  expect(accepted()).toBe(effect);
  leave.abort();
  await expect(hanging).rejects.toThrow('aborted');
  let answer = await send();
  while (answer.errcode === 45066) answer = await send();
  expect(answer).toMatchObject({ errcode: repeated, msg_id: 3147483648 });
  expect(accepted()).toBe(1);
});

it.each([
  ['before', 0],
  ['after', 1],
] as const)('holds a send %s it takes effect until its gate opens', async (when, effect) => {
  await using started = await startScripted();
  const { sandbox, send, accepted, call } = started;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  sandbox.script(path, { gate, when });
  const reached = sandbox.waitFor(when === 'before' ? 'request' : 'accepted');
  const held = send();
  await reached;
  expect(accepted()).toBe(effect);
  expect(await send()).toMatchObject({ errcode: 45066 });
  expect(await call(path, { ...message, clientmsgid: 'send-2' })).toMatchObject({ errcode: 0 });
  open();
  expect(await held).toMatchObject({ errcode: 0 });
  expect(await send()).toMatchObject({ errcode: 45065 });
});

it('holds the same clientmsgid across both ways to send', async () => {
  await using started = await startScripted();
  const { sandbox, send, call } = started;
  const { promise: gate, resolve: open } = Promise.withResolvers<void>();
  sandbox.script(path, { gate, when: 'before' });
  const arrived = sandbox.waitFor('request');
  const held = send();
  await arrived;
  const other = { ...toTag(2), ...text('hello'), clientmsgid: 'send-1' };
  expect(await call(mass('sendall'), other)).toMatchObject({ errcode: 45066 });
  open();
  await held;
});

it('uses a fault up even where the call would have been refused', async () => {
  await using started = await startScripted();
  const { sandbox, call, send } = started;
  sandbox.script(path, { drop: 'after' });
  await expect(call(path, { touser: [] })).rejects.toThrow('fetch failed');
  expect(await send()).toMatchObject({ errcode: 0 });
});

it('keeps a log of requests, without the bytes of uploads', async () => {
  await using started = await startScripted();
  const { sandbox, send, addMedia, clock } = started;
  await send();
  await addMedia('image');
  expect(sandbox.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', '/cgi-bin/token', ''],
    ['POST', path, JSON.stringify(message)],
    ['POST', '/cgi-bin/media/upload', ''],
  ]);
  const [, request] = sandbox.requests;
  expect(request).toMatchObject({ query: { access_token: expect.any(String) }, at: clock.now() });
});

it('keeps the last 500 requests', async () => {
  await using started = await startScripted();
  const { sandbox, call } = started;
  for (let count = 0; count < 500; count++) await call(mass('get'), { msg_id: count });
  await call(mass('get'), { msg_id: 'last' });
  expect(sandbox.requests).toHaveLength(500);
  expect(sandbox.requests.at(-1)?.body).toBe('{"msg_id":"last"}');
});

it('refuses a body that no documented upload could have', async () => {
  await using started = await startScripted();
  const response = await started.post(path, 'x'.repeat(13 * 1024 * 1024));
  expect(response.status).toBe(413);
});
