import { type KillPoint, killPoints } from './kill-points.ts';
import type { Random } from './random.ts';
import { type WechatPoint, wechatPoints } from './wechat-points.ts';

export const ANY_MOMENT = 'any moment';

export type Ending =
  | { kind: 'inside'; name: KillPoint; call: number; patienceMs: number }
  | { kind: 'wechat'; name: WechatPoint; call: number; patienceMs: number }
  | { kind: 'moment'; name: typeof ANY_MOMENT; afterMs: number };

/** A point that is not come to within this time is given up: the life ends there and then. */
const PATIENCE_MS = 6_000;

/** The same for one that was given up before: a machine can be slow. */
const LONG_PATIENCE_MS = 30_000;

/** Of all kills, those that come at no point at all; the first ones are for the points. */
const ANY_MOMENT_SHARE = 0.25;

/** The longest that a process is given until it is killed at any moment; it starts within this time, too. */
const ANY_MOMENT_MS = 1_200;

export type Point = KillPoint | WechatPoint;

const points: readonly Point[] = [...killPoints, ...(Object.keys(wechatPoints) as WechatPoint[])];

export const isPoint = (name: string): name is Point => (points as readonly string[]).includes(name);

/**
 * Which life ends how. Every named point comes as often as the others.
 * @param only the one point where lives are to end, in place of all points and moments
 */
export function createKillPlan(random: Random, only: Point | null) {
  const names = only === null ? points : [only];
  const counts = new Map<string, number>([...names, ANY_MOMENT].map((name) => [name, 0]));
  /** Those that were not come to in time when it was their turn: the next time the first call will do. */
  const missed = new Set<Point>();
  let deck: Point[] = [];

  const missing = (): Point[] => names.filter((name) => counts.get(name) === 0);

  return {
    next(): Ending {
      if (only === null && missing().length === 0 && random.chance(ANY_MOMENT_SHARE)) {
        return { kind: 'moment', name: ANY_MOMENT, afterMs: random.below(ANY_MOMENT_MS) };
      }
      if (deck.length === 0) deck = random.shuffled(names);
      const name = deck.pop()!;
      const wasMissed = missed.has(name);
      const call = wasMissed ? 1 : 1 + random.below(3);
      const patienceMs = wasMissed ? LONG_PATIENCE_MS : PATIENCE_MS;
      return name in wechatPoints
        ? { kind: 'wechat', name: name as WechatPoint, call, patienceMs }
        : { kind: 'inside', name: name as KillPoint, call, patienceMs };
    },

    /** A life ended, at the point that was meant or, where it was not come to in time, at any moment. */
    ended(ending: Ending, asMeant: boolean): void {
      const name = asMeant ? ending.name : ANY_MOMENT;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      if (ending.kind === 'moment') return;
      if (asMeant) missed.delete(ending.name);
      else {
        missed.add(ending.name);
        deck.unshift(ending.name);
      }
    },

    /** How many lives ended where. */
    counts: counts as ReadonlyMap<string, number>,
    /** The points where none has ended yet. */
    missing,
  };
}
export type KillPlan = ReturnType<typeof createKillPlan>;
