import type { Clock } from '../clock.ts';
import { BUSY, WechatSilentError, WechatTokenError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import { redact } from './redact.ts';

export interface Credentials {
  appId: string;
  appSecret: string;
}

export interface AccessToken {
  token: string;
  expiresAt: Date;
}

/** Where tokens outlive the process: a new one for every start would use up the day's two thousand. */
export interface TokenStore {
  readToken(appId: string): Promise<AccessToken | null>;
  saveToken(appId: string, token: AccessToken): Promise<void>;
}

/** WeChat hands out the next token from five minutes before the end of the present one. */
const EARLY_MS = 5 * 60_000;

/** Tokens live for two hours. */
const LONGEST_SECONDS = 7 * 24 * 3_600;

/** So often does WeChat force another token. */
const FORCED = { inADay: 20, apartMs: 30_000 };

const DAY_MS = 24 * 3_600_000;

/** The account may not use `stable_token`, or the address does not know it: the older endpoint serves. */
const NO_STABLE_TOKEN = new Set([48001, 48002, 48004, 40066]);

/** What goes wrong on the way to a token is told as it is: what it means for a call is for the caller to say. */
export function createTokens(deps: {
  exchange: Exchange;
  store: TokenStore;
  /** Told of every token: whoever writes anything has to know what to leave out. */
  onToken?: ((token: string) => void) | undefined;
  clock: Clock;
}) {
  const { exchange, store, onToken = () => {}, clock } = deps;
  const refreshing = new Map<string, Promise<string>>();
  const withoutStableToken = new Set<string>();
  const forced = new Map<string, number[]>();

  /** A token that is valid as far as is known here. */
  const current = async (credentials: Credentials): Promise<string> =>
    (await usable(credentials, null)) ?? refreshOnce(credentials, null);

  async function usable({ appId }: Credentials, failed: string | null): Promise<string | null> {
    const stored = await store.readToken(appId);
    if (stored) onToken(stored.token);
    const isFresh = stored !== null && stored.expiresAt.getTime() - EARLY_MS > clock.now().getTime();
    return isFresh && stored.token !== failed ? stored.token : null;
  }

  /** Another token than the one that WeChat refused; the stored one, where somebody else has refreshed it meanwhile. */
  function refreshOnce(credentials: Credentials, failed: string | null): Promise<string> {
    const { appId } = credentials;
    const underWay = refreshing.get(appId);
    if (underWay) return underWay;
    const refresh = refreshUnlessDone(credentials, failed).finally(() => refreshing.delete(appId));
    refreshing.set(appId, refresh);
    return refresh;
  }

  /** Looks once more, as what the caller has read may be older than a refresh that has just ended. */
  const refreshUnlessDone = async (credentials: Credentials, failed: string | null): Promise<string> =>
    (await usable(credentials, failed)) ?? fetchToken(credentials, failed);

  async function fetchToken(credentials: Credentials, failed: string | null): Promise<string> {
    let answer = await ask(credentials, false);
    // The same token again, though it was refused: only force gets another.
    if (answer.access_token === failed && mayForce(credentials.appId)) answer = await ask(credentials, true);
    const token = String(answer.access_token);
    onToken(token);
    const seconds = Number(answer.expires_in);
    if (!(seconds > 0 && seconds <= LONGEST_SECONDS)) throw new WechatSilentError('it has no expires_in');
    const expiresAt = new Date(clock.now().getTime() + seconds * 1000);
    await store.saveToken(credentials.appId, { token, expiresAt });
    return token;
  }

  /** Force kills the token that others use, so it answers one refusal, and not all of them while WeChat refuses every token. */
  function mayForce(appId: string): boolean {
    const now = clock.now().getTime();
    const times = (forced.get(appId) ?? []).filter((at) => Math.abs(now - at) < DAY_MS);
    const isAllowed =
      times.length < FORCED.inADay && times.every((at) => Math.abs(now - at) >= FORCED.apartMs);
    forced.set(appId, isAllowed ? [...times, now] : times);
    return isAllowed;
  }

  async function ask(credentials: Credentials, force: boolean): Promise<Record<string, unknown>> {
    const { appId, appSecret } = credentials;
    if (!withoutStableToken.has(appId)) {
      const answer = await exchange({
        method: 'POST',
        path: '/cgi-bin/stable_token',
        query: {},
        body: JSON.stringify({
          grant_type: 'client_credential',
          appid: appId,
          secret: appSecret,
          force_refresh: force,
        }),
      });
      if (!NO_STABLE_TOKEN.has(Number(answer.errcode))) return tokenOf(answer, credentials);
      withoutStableToken.add(appId);
    }
    const query = { grant_type: 'client_credential', appid: appId, secret: appSecret };
    return tokenOf(await exchange({ method: 'GET', path: '/cgi-bin/token', query }), credentials);
  }

  return { current, replace: refreshOnce };
}
export type Tokens = ReturnType<typeof createTokens>;

function tokenOf(answer: Record<string, unknown>, { appSecret }: Credentials): Record<string, unknown> {
  if (typeof answer.access_token === 'string' && answer.access_token !== '') return answer;
  const errcode = Number(answer.errcode ?? BUSY);
  throw new WechatTokenError(
    Number.isInteger(errcode) ? errcode : BUSY,
    redact(String(answer.errmsg ?? ''), [appSecret]),
  );
}
