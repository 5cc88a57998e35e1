import type { IncomingMessage } from 'node:http';
import type { Log } from '../log.ts';
import type { Callers } from './callers.ts';
import type { GraphQLServer } from './graphql.ts';
import { createShares } from './shares.ts';
import { hasDocumentId } from './trusted-documents.ts';
import { createHearing } from './websocket-hearing.ts';
import { closeLine, isOpen, type Line, operationOf, say } from './websocket-line.ts';
import { CloseCode, MessageType, readMessage, SUBPROTOCOL } from './websocket-message.ts';
import { createOperations } from './websocket-operations.ts';

/** Real time, whatever clock the gateway goes by: a client that says nothing is no client. */
const INITIALISED_WITHIN_MS = 3_000;

/** What is said over a line, from its first to its last message. */
export function createProtocol(graphql: GraphQLServer, callers: Callers, log: Log) {
  const { limits, trusted } = graphql;
  const shares = createShares(limits.connections);
  const operations = createOperations(graphql);
  const hasQuery = trusted ? hasDocumentId : () => false;

  function admit(line: Line, connectionParams: Record<string, unknown> | undefined) {
    const { opening } = line;
    if (!opening)
      return closeLine(line, CloseCode.TOO_MANY_INITIALISATION_REQUESTS, 'Too many initialisation requests');
    clearTimeout(opening.late);
    line.opening = null;
    const caller = callers.ofSocket(opening.request, connectionParams);
    if (!caller) return closeLine(line, CloseCode.FORBIDDEN, 'Forbidden');
    // The protocol has no code of its own for it, and clients take this one as final.
    if (!shares.take(caller))
      return closeLine(line, CloseCode.TOO_MANY_INITIALISATION_REQUESTS, 'Too many connections');
    line.caller = caller;
    say(line, { type: MessageType.CONNECTION_ACK });
  }

  async function hear(line: Line, text: string) {
    const message = readMessage(text, hasQuery);
    switch (message?.type) {
      case undefined:
        return closeLine(line, CloseCode.BAD_REQUEST, 'Invalid message received');
      case MessageType.CONNECTION_INIT:
        return admit(line, message.payload);
      case MessageType.PING: {
        const { payload } = message;
        return say(line, payload ? { type: MessageType.PONG, payload } : { type: MessageType.PONG });
      }
      case MessageType.PONG:
        return;
      case MessageType.SUBSCRIBE: {
        const { id } = message;
        if (!line.caller) return closeLine(line, CloseCode.UNAUTHORIZED, 'Unauthorized');
        if (operationOf(line, id)) {
          return closeLine(line, CloseCode.SUBSCRIBER_ALREADY_EXISTS, `Subscriber for ${id} already exists`);
        }
        return operations.start(line, message);
      }
      case MessageType.COMPLETE: {
        const operation = operationOf(line, message.id);
        if (operation) operations.stop(operation);
        return;
      }
    }
  }

  const hearInTurn = createHearing((line, text) =>
    hear(line, text).catch((error) => {
      const reason = error instanceof Error ? error.message : 'unknown';
      log.debug({ error: reason }, 'a WebSocket was closed for what came over it');
      closeLine(line, CloseCode.INTERNAL_SERVER_ERROR, 'Internal server error');
    }),
  );

  return {
    begin(line: Line, request: IncomingMessage): void {
      if (line.client.protocol !== SUBPROTOCOL) {
        closeLine(line, CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, 'Subprotocol not acceptable');
        return;
      }
      const isLate = () =>
        closeLine(line, CloseCode.INITIALISATION_TIMEOUT, 'Connection initialisation timeout');
      line.opening = { request, late: setTimeout(isLate, INITIALISED_WITHIN_MS).unref() };
    },

    hear(line: Line, text: string): void {
      if (isOpen(line)) hearInTurn(line, text);
    },

    /** For when keys are not what they were. */
    refuseRevoked(line: Line): void {
      if (line.caller?.isRevoked()) closeLine(line, CloseCode.FORBIDDEN, 'Forbidden');
    },

    end(line: Line): void {
      clearTimeout(line.opening?.late);
      const left = line.operations;
      line.operations = [];
      for (const operation of left) operations.stop(operation);
      if (line.caller) shares.giveBack(line.caller);
    },
  };
}
