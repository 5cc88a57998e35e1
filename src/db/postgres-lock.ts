import { setTimeout } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseInUseError } from './database.ts';
import { connectionTo } from './postgres-connection.ts';

/** Held by the one gateway that runs on the database, for as long as its connection lives. */
export const GATEWAY_LOCK = 7_176_658;

/** How often, and how far apart in milliseconds, the lock is asked for: Postgres needs a moment to see that a process has died. */
const LOCK_TRIES = { count: 30, pauseMs: 100 };

/** Between two tries to connect again, in milliseconds. */
const AGAIN = { firstMs: 100, longestMs: 5_000 };

const END_WITHIN_MS = 1_000;

export interface Lock {
  release(): Promise<void>;
}

/** Takes the lock of the gateway, and takes it again whenever its connection is lost: nobody else may start meanwhile. */
export async function holdLock(
  url: string,
  onError: (error: Error) => void,
  onDoubt: () => void,
): Promise<Lock> {
  let isReleased = false;
  let client = await lockDatabase(url, onError);
  watch();

  function watch(): void {
    client.once('end', () => {
      if (!isReleased) void takeAgain();
    });
  }

  async function takeAgain(): Promise<void> {
    for (let pauseMs = AGAIN.firstMs; !isReleased; pauseMs = Math.min(pauseMs * 2, AGAIN.longestMs)) {
      try {
        const next = await lockDatabase(url, onError);
        if (isReleased) return await next.end();
        client = next;
        watch();
        return onDoubt();
      } catch (error) {
        // Told once: it is the same until it is over.
        if (pauseMs === AGAIN.firstMs) onError(error as Error);
        // Who has the lock may still be the lost connection, as long as Postgres has not noticed.
        if (error instanceof DatabaseInUseError) onDoubt();
        await setTimeout(pauseMs, null, { ref: false });
      }
    }
  }

  return {
    async release() {
      isReleased = true;
      // A server that is out of reach does not answer to an end. It sees by itself that nobody is there.
      await Promise.race([client.end(), setTimeout(END_WITHIN_MS, null, { ref: false })]);
    },
  };
}

async function lockDatabase(url: string, onError: (error: Error) => void): Promise<pg.Client> {
  const client = new pg.Client(connectionTo(url));
  client.on('error', onError);
  try {
    await client.connect();
    for (let tries = 0; tries < LOCK_TRIES.count; tries++) {
      const { rows } = await client.query('select pg_try_advisory_lock($1) as locked', [GATEWAY_LOCK]);
      if (rows[0].locked) return client;
      await setTimeout(LOCK_TRIES.pauseMs);
    }
    throw new DatabaseInUseError('another gateway runs on this Postgres database');
  } catch (error) {
    // Not waited for: nobody may be there to answer.
    client.end().catch(() => {});
    throw error;
  }
}
