import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Log } from '../log.ts';

const current = new AsyncLocalStorage<string>();

/** Runs something under a request id of its own, by which its log lines and its masked errors find each other. */
export const withRequestId = <T>(run: () => T): T => current.run(randomUUID(), run);

export const requestId = (): string => current.getStore() ?? randomUUID();

/** A log whose every line about a request carries the id of that request, whoever writes it. */
export function logWithRequestIds(log: Log): Log {
  const at = (level: keyof Log) => (context: object, message: string) => {
    const id = current.getStore();
    log[level](id === undefined ? context : { requestId: id, ...context }, message);
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
