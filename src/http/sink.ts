import type { GraphQLError } from 'graphql';

/** Results that are given to many at once. */
export interface Results {
  /** Each as JSON. None where nothing of what happened is told of. */
  payloads: readonly Buffer[];
  /** The bytes that go over a line, by what they are framed with: made once, and gone with these results. */
  framed: Map<string, readonly Buffer[]>;
}

/** Where results go: one for all subscriptions over lines of a kind, which are told apart by what they go `to`. */
export interface Sink<To> {
  /** Calls `more` once there is room for others. */
  send(to: To, results: Results, more: () => void): void;
  /** It could not go on, for reasons that are masked, and is over. */
  fail(to: To, errors: readonly GraphQLError[]): void;
  /** Closes the connection: its client can go on from where it was. */
  disconnect(to: To): void;
}
