import { dayInBeijing } from '../campaigns/days.ts';
import type { Clock } from '../clock.ts';
import { createPeriodCounter } from './period-counter.ts';
import { randomText } from './random-text.ts';
import { Refusal, refuseIf } from './refusal.ts';

export interface IssuedToken {
  access_token: string;
  /** Seconds. */
  expires_in: number;
}

/** The access tokens of one account. `token` and `stable_token` issue theirs apart from one another. */
export interface Tokens {
  /** `token`: a new one every time; the one before lives five more minutes. */
  issue(): IssuedToken;
  /** `stable_token`: the same one to everybody until five minutes before its end. */
  stable(): IssuedToken;
  /**
   * `stable_token` with `force_refresh`: a new one, and the old one is dead at once.
   * @throws Refusal 45011 (within 30 seconds of the last), 45009 (20 a day)
   */
  refresh(): IssuedToken;
  /** Whether this account ever issued the token. */
  issued(token: string): boolean;
  /** @throws Refusal 40001 (replaced or revoked), 42001 (its time is over) */
  check(token: string): void;
  /** Every token issued so far is dead. */
  revokeAll(): void;
}

interface Token {
  value: string;
  endsAt: number;
  /** Until when it is accepted where that is before its end: a newer one took its place, or it was revoked. */
  replacedAt: number;
}

const LIFETIME = 7_200_000;
const OVERLAP = 300_000;
const REFRESH_PAUSE = 30_000;
const REFRESHES_PER_DAY = 20;

export function createTokens({ clock, random }: { clock: Clock; random: () => number }): Tokens {
  const tokens = new Map<string, Token>();
  const refreshes = createPeriodCounter(clock, dayInBeijing);
  let plain: Token | undefined;
  let stable: Token | undefined;
  let refreshedAt = Number.NEGATIVE_INFINITY;

  const now = () => clock.now().getTime();

  function create(): Token {
    const token = {
      value: randomText(random, 157),
      endsAt: now() + LIFETIME,
      replacedAt: Number.POSITIVE_INFINITY,
    };
    tokens.set(token.value, token);
    return token;
  }

  const replace = (token: Token | undefined, at: number) => {
    if (token) token.replacedAt = Math.min(token.replacedAt, at);
  };

  const show = ({ value, endsAt }: Token): IssuedToken => ({
    access_token: value,
    expires_in: Math.floor((endsAt - now()) / 1000),
  });

  return {
    issue() {
      replace(plain, now() + OVERLAP);
      plain = create();
      return show(plain);
    },
    stable() {
      const isCurrent = stable && stable.replacedAt > now() && stable.endsAt - now() > OVERLAP;
      if (!stable || !isCurrent) stable = create();
      return show(stable);
    },
    refresh() {
      refuseIf(now() - refreshedAt < REFRESH_PAUSE, 45011);
      refuseIf(refreshes.used() >= REFRESHES_PER_DAY, 45009);
      refreshes.add();
      refreshedAt = now();
      replace(stable, now());
      stable = create();
      return show(stable);
    },
    issued: (token) => tokens.has(token),
    check(value) {
      const token = tokens.get(value);
      if (!token) throw new Refusal(40014);
      refuseIf(token.endsAt <= now(), 42001);
      refuseIf(token.replacedAt <= now(), 40001);
    },
    revokeAll() {
      for (const token of tokens.values()) replace(token, now());
    },
  };
}
