import { GraphQLError } from 'graphql';

/** Why a request is not served as it stands. Clients may rely on these. */
export const RefusalCode = {
  BAD_REQUEST: 'BAD_REQUEST',
  FORBIDDEN: 'FORBIDDEN',
  UNSUPPORTED_MEDIA_TYPE: 'UNSUPPORTED_MEDIA_TYPE',
  REQUEST_ENTITY_TOO_LARGE: 'REQUEST_ENTITY_TOO_LARGE',
  TOO_LONG: 'TOO_LONG',
  TOO_MANY_TOKENS: 'TOO_MANY_TOKENS',
  TOO_MANY_ALIASES: 'TOO_MANY_ALIASES',
  TOO_DEEP: 'TOO_DEEP',
  TOO_COSTLY: 'TOO_COSTLY',
  TOO_MANY_SUBSCRIPTIONS: 'TOO_MANY_SUBSCRIPTIONS',
  REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
  INTROSPECTION_OFF: 'INTROSPECTION_OFF',
  /** As Apollo and urql know it: they answer it with the document's text. */
  PERSISTED_QUERY_NOT_FOUND: 'PERSISTED_QUERY_NOT_FOUND',
  PERSISTED_QUERY_ONLY: 'PERSISTED_QUERY_ONLY',
} as const;
export type RefusalCode = (typeof RefusalCode)[keyof typeof RefusalCode];

/** A refusal with its HTTP status, whatever kind of answer the client accepts. */
export function refusal(status: number, code: RefusalCode, message: string): GraphQLError {
  const http = {
    status,
    // Yoga takes what is refused while a document is read for bad syntax, which old clients are told with 200.
    get spec() {
      return false;
    },
    set spec(_) {},
  };
  return new GraphQLError(message, { extensions: { code, http } });
}
