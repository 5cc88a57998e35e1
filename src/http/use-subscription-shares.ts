import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../access/keyring.ts';
import type { Connection } from './connection.ts';
import { type Feed, isFeed, isOfOwnLine } from './feed.ts';
import { RefusalCode, refusal } from './refusal.ts';
import type { Shares } from './shares.ts';

/** A caller has so many subscriptions at most, whatever it reads them over. */
export function useSubscriptionShares(shares: Shares, most: number): Plugin {
  return {
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { caller, closed } = args.contextValue as Connection;
        if (!shares.take(caller)) {
          const message = `a caller may have ${most} subscriptions at most; end one first`;
          return { errors: [refusal(429, RefusalCode.TOO_MANY_SUBSCRIPTIONS, message)] };
        }
        const release = releaseOf(shares, caller);
        // Whoever is handed a feed gives its share back, also where nobody waits for it any more.
        if (!isOfOwnLine(args.contextValue)) closed.addEventListener('abort', release, { once: true });
        const end = () => {
          closed.removeEventListener('abort', release);
          release();
        };
        try {
          const results: AsyncIterable<ExecutionResult> | ExecutionResult | Feed = await subscribeFn(args);
          if (isFeed(results)) return results;
          if (Symbol.asyncIterator in results) return endingWith(results, end);
          end();
          return results;
        } catch (error) {
          end();
          throw error;
        }
      });
    },
  };
}

/** Gives a share back, once. */
function releaseOf(shares: Shares, caller: Caller): () => void {
  let given = false;
  return () => {
    if (!given) shares.giveBack(caller);
    given = true;
  };
}

/** Written out, because an async generator that waits cannot be ended before it has got what it waits for. */
function endingWith(
  results: AsyncIterable<ExecutionResult>,
  end: () => void,
): AsyncIterableIterator<ExecutionResult> {
  const inner = results[Symbol.asyncIterator]();
  const iterator: AsyncIterableIterator<ExecutionResult> = {
    [Symbol.asyncIterator]: () => iterator,
    async next() {
      try {
        const next = await inner.next();
        if (next.done) end();
        return next;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      await inner.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      end();
      return inner.throw ? inner.throw(error) : Promise.reject(error);
    },
  };
  return iterator;
}
