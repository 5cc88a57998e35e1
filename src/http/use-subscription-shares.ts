import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Connection } from './connection.ts';
import { type Feed, isFeed } from './feed.ts';
import { RefusalCode, refusal } from './refusal.ts';
import { createShares, holderOf } from './shares.ts';

/** A caller has so many subscriptions at most, whatever it reads them over. */
export function useSubscriptionShares(most: number): Plugin {
  const shares = createShares(most);
  return {
    onSubscribe({ subscribeFn, setSubscribeFn }) {
      setSubscribeFn(async (args: ExecutionArgs) => {
        const { caller, closed } = args.contextValue as Connection;
        const release = shares.take(holderOf(caller));
        if (!release) {
          const message = `a caller may have ${most} subscriptions at most; end one first`;
          return { errors: [refusal(429, RefusalCode.TOO_MANY_SUBSCRIPTIONS, message)] };
        }
        closed.addEventListener('abort', release, { once: true });
        const end = () => {
          closed.removeEventListener('abort', release);
          release();
        };
        try {
          const results: AsyncIterable<ExecutionResult> | ExecutionResult | Feed = await subscribeFn(args);
          if (isFeed(results)) {
            closed.removeEventListener('abort', release);
            results.ends.push(release);
            return results;
          }
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
