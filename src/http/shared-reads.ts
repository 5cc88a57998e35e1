import { setImmediate } from 'node:timers/promises';
import type { Soon } from '../soon.ts';

/**
 * Reads once what is asked for several times in one turn of the event loop, as when all dashboards look again after an event. Nobody is
 * told what was read before they asked: whoever asks later has it read anew.
 */
export function createSharedReads<T>(): (key: string, read: () => Soon<T>) => Promise<T> {
  const coming = new Map<string, Promise<T>>();
  return (key, read) => {
    let shared = coming.get(key);
    if (!shared) {
      shared = setImmediate().then(() => {
        coming.delete(key);
        return read();
      });
      coming.set(key, shared);
    }
    return shared;
  };
}
