/** Where in the gateway a life can end: before or after the call of a function of a part, as `startGateway` names them. */
export const killPoints = [
  'intents.find:after',
  'intents.stageRequest:before',
  'intents.stageRequest:after',
  'intents.store:before',
  'intents.store:after',
  'submissions.settleOverdue:before',
  'submissions.settleOverdue:after',
  'submissions.claim:before',
  'submissions.claim:after',
  'tokens.readToken:after',
  'tokens.saveToken:before',
  'tokens.saveToken:after',
  'wechat.submit:before',
  'wechat.submit:after',
  'submissions.accept:before',
  'submissions.accept:after',
  'submissions.refuse:before',
  'submissions.refuse:after',
  'submissions.retryLater:before',
  'submissions.retryLater:after',
  'submissions.loseTrack:before',
  'submissions.loseTrack:after',
  'pushes.receive:before',
  'pushes.receive:after',
  'wechat.massStatus:before',
  'wechat.massStatus:after',
  'statuses.postponePoll:before',
  'statuses.postponePoll:after',
  'statuses.recordStatus:before',
  'statuses.recordStatus:after',
] as const;
export type KillPoint = (typeof killPoints)[number];

/** A life ends at the `call`-th call, from 1. */
export interface KillOrder {
  point: KillPoint;
  call: number;
}

export type Around = <Part extends object>(name: string, part: Part) => Part;

type Call = (...values: unknown[]) => Promise<unknown>;

/** Stands around every function of every part and kills this process where it was ordered to. */
export function dieAt({ point, call }: KillOrder): { around: Around; exists: () => boolean } {
  const names = new Set<string>();
  let calls = 0;
  const come = (at: string): void => {
    if (at === point && ++calls === call) process.kill(process.pid, 'SIGKILL');
  };
  const wrap =
    (name: string, inner: Call): Call =>
    async (...values) => {
      come(`${name}:before`);
      const result = await inner(...values);
      // Nothing was found, and nothing has changed.
      if (result !== null) come(`${name}:after`);
      return result;
    };
  return {
    around(partName, part) {
      const wrapped = Object.entries(part).map(([functionName, inner]) => {
        const name = `${partName}.${functionName}`;
        names.add(name);
        return [functionName, wrap(name, inner as Call)];
      });
      return Object.fromEntries(wrapped) as typeof part;
    },
    /** Whether there is such a function, once the gateway has started. */
    exists: () => names.has(point.slice(0, point.indexOf(':'))),
  };
}
