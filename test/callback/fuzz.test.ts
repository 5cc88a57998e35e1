import { expect, it } from 'vitest';
import { createCallbackHandler } from '../../src/callback/handler.ts';
import { fuzz } from './fuzz.ts';

const RUNS = 100_000;
const SEED = 20_260_301;

it('survives a hundred thousand mutated requests, each answered in 50 ms', { timeout: 300_000 }, async () => {
  const prototype = Object.getOwnPropertyNames(Object.prototype);
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  const { found, answers, results } = await fuzz(RUNS, SEED);
  await new Promise(setImmediate);
  process.off('unhandledRejection', note);
  expect(found).toBeNull();
  expect(rejections).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototype);
  // It has come into every corner, and deep into the code behind the signature.
  expect(Object.values(answers).reduce((sum, count) => sum + count)).toBe(RUNS);
  for (const status of [400, 401, 403, 404, 405, 413]) expect(answers[status]).toBeGreaterThan(20);
  expect(answers[200]).toBeGreaterThan(RUNS / 2);
  expect(results).toBeGreaterThan(RUNS / 8);
});

const RARE = /__proto__/;

it.each<[string, typeof createCallbackHandler, RegExp]>([
  [
    'rejects',
    (deps) => {
      const handle = createCallbackHandler(deps);
      return (request) => (RARE.test(request.body) ? Promise.reject(new Error('broken')) : handle(request));
    },
    /it was not answered: Error: broken/,
  ],
  [
    'takes long',
    (deps) => {
      const handle = createCallbackHandler(deps);
      return (request) => {
        const before = process.threadCpuUsage();
        while (RARE.test(request.body) && process.threadCpuUsage(before).user < 60_000);
        return handle(request);
      };
    },
    /it took more than 50 ms/,
  ],
  [
    'breaks inside',
    (deps) => {
      const receive: typeof deps.inbox.receive = (push) =>
        RARE.test(push.raw) ? Promise.reject(new Error('broken')) : deps.inbox.receive(push);
      return createCallbackHandler({ ...deps, inbox: { receive } });
    },
    /it was answered 500/,
  ],
  [
    'stores what is not signed',
    (deps) => {
      let body = '';
      const receive: typeof deps.inbox.receive = (push) => deps.inbox.receive({ ...push, raw: body });
      const handle = createCallbackHandler({ ...deps, inbox: { receive } });
      return (request) => {
        body = request.body;
        return handle(request);
      };
    },
    /something was stored that nobody has signed/,
  ],
  [
    'refuses what is genuine',
    (deps) => {
      const handle = createCallbackHandler(deps);
      return async (request) =>
        request.body.length % 7 === 0 ? { status: 403, body: 'the signature is wrong' } : handle(request);
    },
    /a genuine push was answered 403/,
  ],
  [
    'says its secrets',
    (deps) =>
      createCallbackHandler({
        ...deps,
        log: {
          ...deps.log,
          warn: (context, message) =>
            deps.log.info({ ...context, token: deps.accounts('plain')?.callbackToken }, message),
        },
      }),
    /a secret was logged/,
  ],
])('finds a handler that %s', async (_, createBroken, what) => {
  expect((await fuzz(5_000, SEED, createBroken)).found).toMatch(what);
});
