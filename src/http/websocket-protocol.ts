import type { Log } from '../log.ts';
import type { Callers } from './callers.ts';
import type { GraphQLServer } from './graphql.ts';
import { createShares, holderOf } from './shares.ts';
import { hasDocumentId } from './trusted-documents.ts';
import { hearInTurn } from './websocket-hearing.ts';
import { closeLine, type Line, say } from './websocket-line.ts';
import { CloseCode, MessageType, readMessage, SUBPROTOCOL } from './websocket-message.ts';
import { createOperations } from './websocket-operations.ts';

/** A code of our own, after HTTP's 429: what the protocol has does not say it. */
const TOO_MANY_CONNECTIONS = 4429;

/** Real time, whatever clock the gateway goes by: a client that says nothing is no client. */
const INITIALISED_WITHIN_MS = 3_000;

/** What is said over a line, from its first to its last message. */
export function createProtocol(graphql: GraphQLServer, callers: Callers, log: Log) {
  const { limits, trusted } = graphql;
  const shares = createShares(limits.connections);
  const operations = createOperations(graphql);
  const hasQuery = trusted ? hasDocumentId : () => false;

  function admit(line: Line, connectionParams: Record<string, unknown> | undefined) {
    const { request } = line;
    if (!request)
      return closeLine(line, CloseCode.TOO_MANY_INITIALISATION_REQUESTS, 'Too many initialisation requests');
    line.request = null;
    const caller = callers.ofSocket(request, connectionParams);
    if (!caller) return closeLine(line, CloseCode.FORBIDDEN, 'Forbidden');
    const release = shares.take(holderOf(caller));
    if (!release) return closeLine(line, TOO_MANY_CONNECTIONS, 'Too many connections');
    const forget = caller.onRevoked(() => closeLine(line, CloseCode.FORBIDDEN, 'Forbidden'));
    line.caller = caller;
    line.release = () => {
      release();
      forget();
    };
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
        if (line.operations.has(id)) {
          return closeLine(line, CloseCode.SUBSCRIBER_ALREADY_EXISTS, `Subscriber for ${id} already exists`);
        }
        return operations.start(line, message);
      }
      case MessageType.COMPLETE: {
        const operation = line.operations.get(message.id);
        line.operations.delete(message.id);
        operation?.stop();
        return;
      }
      default:
        throw new Error('a client said what only servers say');
    }
  }

  /** Keeps nothing but the line: there are thousands of them. */
  function serve(line: Line): void {
    const { client } = line;
    // ws closes the line with the fitting code; without a listener, a bad frame would end the process.
    client.on('error', (error) => log.debug({ error: error.message }, 'a WebSocket sent what is none'));
    if (client.protocol !== SUBPROTOCOL) {
      closeLine(line, CloseCode.SUBPROTOCOL_NOT_ACCEPTABLE, 'Subprotocol not acceptable');
      return;
    }
    const isLate = () => {
      if (line.request)
        closeLine(line, CloseCode.INITIALISATION_TIMEOUT, 'Connection initialisation timeout');
    };
    setTimeout(isLate, INITIALISED_WITHIN_MS).unref();
    hearInTurn(line, (text) =>
      hear(line, text).catch((error) => {
        const reason = error instanceof Error ? error.message : 'unknown';
        log.debug({ error: reason }, 'a WebSocket was closed for what came over it');
        closeLine(line, CloseCode.INTERNAL_SERVER_ERROR, 'Internal server error');
      }),
    );
    client.once('close', () => {
      for (const { stop } of line.operations.values()) stop();
      line.operations.clear();
      line.release();
    });
  }

  return serve;
}
