import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { limitsOf, type SandboxAccount } from './account-settings.ts';
import type { Ids } from './ids.ts';
import { createMediaLibrary, type MediaLibrary } from './media-library.ts';
import type { Moments } from './moments.ts';
import { createPopulation, type Population } from './population.ts';
import type { PushFault } from './push-faults.ts';
import { createPusher, type Pusher } from './pusher.ts';
import { createQuotas, type Quotas } from './quotas.ts';
import { createSends, type Sends } from './sends.ts';
import { createSpeed } from './speed.ts';
import { createTokens, type Tokens } from './tokens.ts';

/** All that the sandbox keeps for one account. */
export interface Account {
  settings: SandboxAccount;
  tokens: Tokens;
  media: MediaLibrary;
  population: Population;
  quotas: Quotas;
  speed: ReturnType<typeof createSpeed>;
  sends: Sends;
  pusher: Pusher;
  ids: Ids;
  clock: Clock;
  random: () => number;
}

export interface AccountDeps {
  clock: Clock;
  random: () => number;
  log: Log;
  ids: Ids;
  moments: Moments;
  takePushFault: () => PushFault;
  closing: AbortSignal;
}

const FOLLOWERS = 5_000;

export function createAccount(settings: SandboxAccount, deps: AccountDeps): Account {
  const { appId } = settings;
  const { clock, random, ids } = deps;
  const limits = limitsOf(settings);
  const population = createPopulation(settings.followers ?? FOLLOWERS);
  const speed = createSpeed();
  const pusher = createPusher(settings, deps);
  const { messagesPerFollowerPerMonth } = limits;
  return {
    settings,
    tokens: createTokens({ clock, random }),
    media: createMediaLibrary({ clock, random }),
    population,
    quotas: createQuotas(limits, clock),
    speed,
    sends: createSends({ ...deps, appId, population, speed, pusher, messagesPerFollowerPerMonth }),
    pusher,
    ids,
    clock,
    random,
  };
}
