import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
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
        const giveBack = () => shares.giveBack(caller);
        if (!isOfOwnLine(args.contextValue)) {
          // The server's own lines are an answer each, which is closed when its subscription is over.
          const over = closed();
          if (over.aborted) giveBack();
          else over.addEventListener('abort', giveBack, { once: true });
          return subscribeFn(args);
        }
        let begun: Feed | ExecutionResult | null = null;
        try {
          begun = await subscribeFn(args);
          return begun;
        } finally {
          // Whoever is handed a feed gives its share back, also where nobody waits for it any more.
          if (!begun || !isFeed(begun)) giveBack();
        }
      });
    },
  };
}
