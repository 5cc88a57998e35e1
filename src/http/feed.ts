import { createSourceEventStream, type ExecutionArgs, type ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { isSubscriptionSource, type SubscriptionSource } from '../resolvers/subscription-source.ts';

/** A subscription that has begun and has a share of its caller's, for a line that has it executed together with others of its kind, see `shared-execution.ts`. */
export interface Feed {
  source: SubscriptionSource;
  args: ExecutionArgs;
  /** What an operation is told beside its results, by name. Those that differ in it do not share results. */
  beside: Map<string, (result: ExecutionResult) => ExecutionResult>;
}

export const isFeed = (value: object): value is Feed => 'source' in value && 'beside' in value;

/** A line of our own brings its connection along. */
export const isOfOwnLine = (context: unknown): boolean =>
  typeof context === 'object' && context !== null && 'connection' in context;

/** Lines of our own are given a feed where the server's own would be given an iterator of results. */
export function useFeeds(): Plugin {
  return {
    onSubscribe({ args: { contextValue }, subscribeFn, setSubscribeFn }) {
      if (!isOfOwnLine(contextValue)) return;
      setSubscribeFn(async (args: ExecutionArgs): Promise<Feed | ExecutionResult> => {
        const source = await createSourceEventStream(args);
        if (!(Symbol.asyncIterator in source)) {
          // What has no path is wrong with the variables: nothing was asked yet, and the server's executor has words of its own for it.
          return source.errors?.some(({ path }) => !path) ? subscribeFn(args) : source;
        }
        if (!isSubscriptionSource(source)) throw new Error('a subscription that is not read from the log');
        return { source, args, beside: new Map() };
      });
    },
  };
}
