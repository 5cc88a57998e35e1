import { GraphQLError } from 'graphql';

/** A request that can be told to be wrong without looking further: answered with the code BAD_USER_INPUT. */
export const badUserInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
