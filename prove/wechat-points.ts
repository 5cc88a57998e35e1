import type { Sandbox } from '../src/sandbox/sandbox.ts';

const isSend = ({ path }: { path: string }) => /\/mass\/send(all)?$/.test(path);

/**
 * Where at WeChat's side a life of the gateway can end, while it waits for an answer: a request has arrived and nothing has been done
 * about it, or a send was accepted and its answer is not out.
 */
export const wechatPoints = {
  'sandbox.send:arrived': (sandbox: Sandbox, seen: () => boolean) =>
    sandbox.waitFor('request', (request) => isSend(request) && seen()),
  'sandbox.send:accepted': (sandbox: Sandbox, seen: () => boolean) => sandbox.waitFor('accepted', seen),
  'sandbox.stableToken:arrived': (sandbox: Sandbox, seen: () => boolean) =>
    sandbox.waitFor('request', ({ path }) => path.endsWith('/stable_token') && seen()),
  'sandbox.massGet:arrived': (sandbox: Sandbox, seen: () => boolean) =>
    sandbox.waitFor('request', ({ path }) => path.endsWith('/mass/get') && seen()),
} as const;
export type WechatPoint = keyof typeof wechatPoints;
