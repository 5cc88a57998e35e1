import type { GraphQLParams } from 'graphql-yoga';
import { type Fields, isFields, isWellFormed } from './params.ts';

/** The subprotocol, as https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md has it. */
export const SUBPROTOCOL = 'graphql-transport-ws';

/** Why a line is closed. Clients take most of them for a reason not to come back. */
export const CloseCode = {
  BAD_REQUEST: 4400,
  UNAUTHORIZED: 4401,
  FORBIDDEN: 4403,
  SUBPROTOCOL_NOT_ACCEPTABLE: 4406,
  INITIALISATION_TIMEOUT: 4408,
  SUBSCRIBER_ALREADY_EXISTS: 4409,
  TOO_MANY_INITIALISATION_REQUESTS: 4429,
  INTERNAL_SERVER_ERROR: 4500,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

export const MessageType = {
  CONNECTION_INIT: 'connection_init',
  CONNECTION_ACK: 'connection_ack',
  PING: 'ping',
  PONG: 'pong',
  SUBSCRIBE: 'subscribe',
  NEXT: 'next',
  ERROR: 'error',
  COMPLETE: 'complete',
} as const;
export type MessageType = (typeof MessageType)[keyof typeof MessageType];

/** What a client may say. */
export type ClientMessage =
  | { type: typeof MessageType.CONNECTION_INIT; payload?: Fields | undefined }
  | { type: typeof MessageType.PING; payload?: Fields | undefined }
  | { type: typeof MessageType.PONG }
  | { type: typeof MessageType.SUBSCRIBE; id: string; payload: GraphQLParams & Fields }
  | { type: typeof MessageType.COMPLETE; id: string };

function isOperation(payload: unknown, hasQuery: (payload: Fields) => boolean): boolean {
  if (!isFields(payload) || !isWellFormed(payload)) return false;
  return typeof payload.query === 'string' || (payload.query === undefined && hasQuery(payload));
}

/**
 * What a client has said; null where the protocol knows no such thing, or has only servers say it.
 * @param hasQuery whether an operation without a text is told by something else
 */
export function readMessage(text: string, hasQuery: (payload: Fields) => boolean): ClientMessage | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isFields(message)) return null;
  const { type, id, payload } = message;
  const hasId = typeof id === 'string' && id !== '';
  switch (type) {
    case MessageType.CONNECTION_INIT:
    case MessageType.PING:
    case MessageType.PONG:
      return payload == null || isFields(payload) ? { type, payload: payload ?? undefined } : null;
    case MessageType.SUBSCRIBE:
      return hasId && isOperation(payload, hasQuery)
        ? { type, id, payload: payload as GraphQLParams & Fields }
        : null;
    case MessageType.COMPLETE:
      return hasId ? { type, id } : null;
    default:
      return null;
  }
}
