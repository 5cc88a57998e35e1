import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { type Log, silentLog } from '../log.ts';
import { createAccount } from './account.ts';
import type { SandboxAccount } from './account-settings.ts';
import { createDispatch } from './dispatch.ts';
import { endpoints } from './endpoints.ts';
import { createFaultScript, type Fault } from './faults.ts';
import { createHttpServer } from './http-server.ts';
import { createIds } from './ids.ts';
import { createMoments, type Moments } from './moments.ts';
import { createPushFaults, type PushFault } from './push-faults.ts';
import { createRequestLog, type RequestRecord } from './request-log.ts';
import type { SandboxSend } from './send.ts';

/** A WeChat in this process, on a port of its own. */
export interface Sandbox extends AsyncDisposable {
  /** `http://host:port`, to be used in place of `https://api.weixin.qq.com`. */
  readonly url: string;
  /** The last 500 requests, newest last. */
  readonly requests: readonly RequestRecord[];
  /** Where this account's events are pushed from now on. */
  setCallbackUrl(appId: string, url: string): void;
  /**
   * Lets the next calls of a path go wrong, one fault a call. `path` is whole: `/cgi-bin/message/mass/send`.
   * @throws Error for a path that is no endpoint
   */
  script(path: string, ...faults: Fault[]): void;
  /** Lets the results of the sends that are accepted next go wrong, one fault a send. */
  scriptPush(...faults: PushFault[]): void;
  /** The mass sends that were accepted, oldest first. */
  sends(appId: string): readonly SandboxSend[];
  /** Every access token of the account stops working at once: 40001. */
  revokeToken(appId: string): void;
  /** Pushes any other message to the account's callback URL, and tells whether it was accepted there. */
  push(appId: string, xml: string): Promise<boolean>;
  /** Resolves with the first happening from now on that the predicate takes: ask before you act. */
  waitFor: Moments['waitFor'];
  /** Ends every connection, timer and push. */
  close(): Promise<void>;
}

export interface SandboxOptions {
  accounts: readonly SandboxAccount[];
  clock: Clock;
  /** @default 0, any free port */
  port?: number;
  log?: Log;
  /** Gives 0 up to, not including, 1. */
  random?: () => number;
  /**
   * Added to all ids of messages. A sandbox forgets everything when it ends; another offset keeps the next one from giving out
   * ids that somebody remembers. @default 0
   */
  idOffset?: number;
}

const HOST = '127.0.0.1';

/**
 * Starts a sandbox and resolves once it listens.
 * @throws Error where it cannot listen
 */
export async function createSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { clock, port = 0, log = silentLog, random = Math.random, idOffset = 0 } = options;
  const closing = new AbortController();
  const moments = createMoments();
  const faults = createFaultScript(Object.keys(endpoints));
  const pushFaults = createPushFaults();
  const requestLog = createRequestLog();
  const shared = {
    clock,
    random,
    log,
    moments,
    ids: createIds(idOffset),
    takePushFault: pushFaults.take,
    closing: closing.signal,
  };
  const accounts = options.accounts.map((settings) => createAccount(settings, shared));

  const accountOf = (appId: string) => {
    const account = accounts.find(({ settings }) => settings.appId === appId);
    if (!account) throw new Error(`The sandbox has no account ${appId}.`);
    return account;
  };

  const dispatch = createDispatch({ accounts, takeFault: faults.take, clock, random, log });
  const server = createHttpServer(dispatch, (request) =>
    moments.tell('request', requestLog.add(request, clock.now())),
  );
  server.listen(port, HOST);
  await once(server, 'listening');

  let closed: Promise<unknown> | undefined;
  async function close(): Promise<void> {
    if (!closed) {
      closing.abort();
      closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
    }
    await closed;
  }

  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    requests: requestLog.records,
    setCallbackUrl: (appId, url) => accountOf(appId).pusher.setUrl(url),
    script: (path, ...scripted) => faults.add(path, scripted),
    scriptPush: (...scripted) => pushFaults.add(scripted),
    sends: (appId) => accountOf(appId).sends.accepted,
    revokeToken: (appId) => accountOf(appId).tokens.revokeAll(),
    push: (appId, xml) => accountOf(appId).pusher.push(xml),
    waitFor: moments.waitFor,
    close,
    [Symbol.asyncDispose]: close,
  };
}
