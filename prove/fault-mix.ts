import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault, When } from '../src/sandbox/faults.ts';
import type { PushFault } from '../src/sandbox/push-faults.ts';
import type { RequestRecord } from '../src/sandbox/request-log.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { accounts } from './accounts.ts';
import { onEvery } from './on-every.ts';
import type { Random } from './random.ts';

/** Something that goes wrong with a call. */
interface Trouble {
  name: string;
  fault: () => Fault;
}
/** Each with how often; null is when nothing goes wrong. */
type Mix = readonly (readonly [weight: number, Trouble | null])[];

const row = (weight: number, name: string, fault: Fault) => [weight, { name, fault: () => fault }] as const;

/** Longer than the gateway's patience, or shorter. */
const slow = (weight: number, when: When, milliseconds: number) => {
  const name = `${milliseconds} ms late, ${when} acceptance`;
  return [weight, { name, fault: () => ({ gate: sleep(milliseconds), when }) }] as const;
};

const busy = JSON.stringify({ errcode: -1, errmsg: 'system error' });

const sendFaults: Mix = [
  [40, null],
  row(8, 'accepted, then dropped', { drop: 'after' }),
  row(6, 'accepted, then hanging', { hang: 'after' }),
  row(4, 'accepted, then 502', { html: 502, when: 'after' }),
  row(3, 'accepted, then -1', { body: busy, when: 'after' }),
  row(2, 'accepted, then nonsense', { body: '{"errcode":0,', when: 'after' }),
  row(3, 'dropped before acceptance', { drop: 'before' }),
  row(2, 'hanging before acceptance', { hang: 'before' }),
  row(3, '502 before acceptance', { html: 502 }),
  row(4, '-1', { errcode: -1 }),
  row(3, '45066', { errcode: 45066 }),
  row(4, '42010', { errcode: 42010 }),
  row(1, '45085', { errcode: 45085 }),
  row(2, '48001', { errcode: 48001 }),
  row(1, '40050', { errcode: 40050 }),
  row(1, '40164', { errcode: 40164, errmsg: 'invalid ip 203.0.113.7, not in whitelist' }),
  slow(2, 'before', 150),
  slow(2, 'before', 700),
  slow(2, 'after', 150),
  slow(2, 'after', 700),
];

/** WeChat looks for the clientmsgid first: what is wrong with a request it says at the first call or never. */
const sendFaultsOfFirstCall: Mix = [...sendFaults, row(5, '40035', { errcode: 40035 })];

const statusFaults: Mix = [
  [80, null],
  row(5, 'dropped', { drop: 'before' }),
  row(3, 'hanging', { hang: 'before' }),
  row(5, '-1', { errcode: -1 }),
  row(5, '502', { html: 502 }),
];

const tokenFaults: Mix = [
  [70, null],
  row(8, 'dropped', { drop: 'after' }),
  row(4, 'hanging', { hang: 'after' }),
  row(8, '-1', { errcode: -1 }),
  row(8, '502', { html: 502 }),
];

const mixes: Readonly<Record<string, { call: string; mix: Mix }>> = {
  '/cgi-bin/message/mass/send': { call: 'send', mix: sendFaults },
  '/cgi-bin/message/mass/sendall': { call: 'send', mix: sendFaults },
  '/cgi-bin/message/mass/get': { call: 'mass/get', mix: statusFaults },
  '/cgi-bin/stable_token': { call: 'stable_token', mix: tokenFaults },
};

const pushFaults = (random: Random): readonly (readonly [number, PushFault])[] => [
  [60, {}],
  [10, { lost: true }],
  [10, { twice: true }],
  [10, { early: true }],
  [4, { early: true, twice: true }],
  [10, { late: random.below(2_000) }],
];

/** Lets WeChat go wrong at random, one draw for every call and every result, until it is stopped. */
export function startFaults({ sandbox, random }: { sandbox: Sandbox; random: Random }) {
  const counts = new Map<string, number>();
  const called = new Set<string>();
  const lostPushes = new Set<string>();
  let stopped = false;
  let nextPush: PushFault = {};

  const count = (name: string) => void counts.set(name, (counts.get(name) ?? 0) + 1);

  /** Called before the sandbox takes its fault for this request. */
  function draw(request: RequestRecord): void {
    const mixed = mixes[request.path];
    if (!mixed || stopped) return;
    const { call, mix } = mixed;
    if (random.chance(0.05)) revokeTokens();
    const isFirst = call === 'send' && isNew(request.body);
    const trouble = random.weighted(isFirst ? sendFaultsOfFirstCall : mix);
    if (!trouble) return;
    count(`${call}: ${trouble.name}`);
    sandbox.script(request.path, trouble.fault());
  }

  function revokeTokens(): void {
    count('tokens revoked');
    for (const { appId } of accounts) sandbox.revokeToken(appId);
  }

  function isNew(body: string): boolean {
    const id = /"clientmsgid":"([^"]*)"/.exec(body)?.[1] ?? '';
    const isFirst = !called.has(id);
    called.add(id);
    return isFirst;
  }

  function drawPush(): void {
    nextPush = random.weighted(pushFaults(random));
    sandbox.scriptPush(nextPush);
  }

  onEvery(sandbox, 'request', draw);
  drawPush();
  onEvery(sandbox, 'accepted', ({ msgId }) => {
    const troubles = Object.keys(nextPush);
    if (troubles.length > 0) count(`result: ${troubles.join(' and ')}`);
    if (nextPush.lost) lostPushes.add(msgId);
    if (stopped) nextPush = {};
    else drawPush();
  });

  return {
    /** How often what went wrong. */
    counts: counts as ReadonlyMap<string, number>,
    /** The msg_ids whose result is never pushed. */
    lostPushes: lostPushes as ReadonlySet<string>,
    stop() {
      stopped = true;
    },
  };
}
