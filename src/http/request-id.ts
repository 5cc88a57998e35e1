import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const current = new AsyncLocalStorage<string>();

/** Runs something under a request id of its own, by which its log lines and its masked errors find each other. */
export const withRequestId = <T>(run: () => T): T => current.run(randomUUID(), run);

export const requestId = (): string => current.getStore() ?? randomUUID();
