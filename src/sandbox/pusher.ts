import { signPush } from '../callback/sign-push.ts';
import { type Clock, sleep } from '../clock.ts';
import type { Log } from '../log.ts';
import type { SandboxAccount } from './account-settings.ts';
import type { Moments } from './moments.ts';
import { type PostAnswer, post } from './post.ts';

export interface Pusher {
  /** Where pushes go from now on. */
  setUrl(url: string): void;
  /**
   * Pushes until it is accepted, at most three times, five seconds apart, and tells whether it was. Nothing is pushed for an
   * account without a callback URL or a callback token.
   */
  push(xml: string): Promise<boolean>;
}

const ATTEMPTS = 3;
/** How long an answer is waited for, and how far apart the attempts begin. */
const PATIENCE = 5_000;

export function createPusher(
  settings: SandboxAccount,
  deps: { clock: Clock; random: () => number; log: Log; moments: Moments; closing: AbortSignal },
): Pusher {
  const { appId, callbackToken: token, encodingAesKey } = settings;
  const { clock, random, log, moments, closing } = deps;
  const mode = settings.pushMode ?? (encodingAesKey ? 'encrypted' : 'plain');
  const openId = (xml: string) => /<FromUserName>(?:<!\[CDATA\[)?([^<\]]+)/.exec(xml)?.[1];
  let url = settings.callbackUrl;

  async function attempt(to: URL, token: string, xml: string): Promise<PostAnswer | null> {
    const from = openId(xml);
    const { query, body, contentType } = signPush({
      token,
      appId,
      body: xml,
      timestamp: Math.floor(clock.now().getTime() / 1000),
      nonce: String(Math.floor(random() * 1e9)),
      mode,
      ...(encodingAesKey === undefined ? {} : { encodingAesKey }),
      ...(from === undefined ? {} : { openId: from }),
    });
    for (const [name, value] of query) to.searchParams.set(name, value);
    const impatience = new AbortController();
    const cancel = clock.after(PATIENCE, () => impatience.abort());
    try {
      return await post(to, { body, contentType, signal: AbortSignal.any([impatience.signal, closing]) });
    } catch (error) {
      log.debug({ appId, error: String(error) }, 'a push was not answered');
      return null;
    } finally {
      cancel();
    }
  }

  return {
    setUrl(to) {
      url = to;
    },
    async push(xml) {
      if (url === undefined || token === undefined) {
        log.debug({ appId }, 'nothing is pushed: the account has no callback URL or no callback token');
        return false;
      }
      for (let number = 1; number <= ATTEMPTS && !closing.aborted; number++) {
        const startedAt = clock.now().getTime();
        const answer = await attempt(new URL(url), token, xml);
        const accepted = answer?.status === 200 && ['', 'success'].includes(answer.body.trim());
        moments.tell('push', { appId, xml, attempt: number, answer, accepted });
        if (accepted) return true;
        if (number < ATTEMPTS) await sleep(clock, startedAt + PATIENCE - clock.now().getTime(), closing);
      }
      log.warn({ appId }, 'a push was given up');
      return false;
    },
  };
}
