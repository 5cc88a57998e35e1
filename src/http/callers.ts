import type { IncomingMessage, ServerResponse } from 'node:http';
import { createGraphQLError, type Plugin } from 'graphql-yoga';
import { type Caller, type Keyring, mayDo } from '../access/keyring.ts';
import type { Scope } from '../access/scope.ts';
import type { Context } from '../schema/context.ts';
import { isOfOwnLine } from './feed.ts';

/** What a refusal says about how to ask (RFC 6750). */
const CHALLENGE = 'Bearer realm="qunfa"';

/** @param bare whether the secret may stand there alone, as in parameters that have no scheme of their own */
function secretOf(authorization: unknown, bare: boolean): string | null {
  if (typeof authorization !== 'string') return null;
  const [, secret] = /^Bearer +(\S+) *$/i.exec(authorization) ?? [];
  return secret ?? (bare && authorization !== '' ? authorization : null);
}

/** By whatever case clients write the name of a header in. */
const namedAuthorization = (parameters: Record<string, unknown>): unknown =>
  Object.entries(parameters).find(([name]) => name.toLowerCase() === 'authorization')?.[1];

/** IPv4 as it is written, also where the socket speaks IPv6. */
const peerOf = ({ socket }: IncomingMessage): string | null =>
  socket.remoteAddress?.replace(/^::ffff:(?=\d+\.)/, '') ?? null;

/** Who sends a request, by its key. @param onWrongKey told where one is refused that brings none that counts */
export function createCallers(keyring: Keyring, onWrongKey: (address: string | null) => void) {
  const known = new WeakMap<IncomingMessage, Caller>();

  /** The same for a request however often it is asked; null where it brings no key that counts. */
  function of(request: IncomingMessage): Caller | null {
    const caller =
      known.get(request) ?? keyring.identify(secretOf(request.headers.authorization, false), peerOf(request));
    if (caller) known.set(request, caller);
    return caller;
  }

  const refuse = (request: IncomingMessage) => onWrongKey(peerOf(request));

  return {
    of,
    refuse,
    onReplaced: keyring.onReplaced,

    /** A WebSocket: by what the client says first, which is all that browsers let it say, else by the header it came with. */
    ofSocket(request: IncomingMessage, parameters: Record<string, unknown> | undefined): Caller | null {
      const said = namedAuthorization(parameters ?? {});
      const caller = said == null ? of(request) : keyring.identify(secretOf(said, true), peerOf(request));
      if (!caller) refuse(request);
      return caller;
    },

    /** Whether a request may go on; answered where it may not. */
    admit(request: IncomingMessage, response: ServerResponse, scope: Scope): boolean {
      const caller = of(request);
      if (caller && mayDo(caller, scope)) return true;
      if (!caller) refuse(request);
      response.writeHead(caller ? 403 : 401, {
        // What was not read of a body cannot be told from the next request.
        ...(request.complete ? {} : { connection: 'close' }),
        'content-type': 'text/plain; charset=utf-8',
        'x-content-type-options': 'nosniff',
        ...(caller ? {} : { 'www-authenticate': CHALLENGE }),
      });
      response.end(caller ? `this needs a key of the scope ${scope}` : 'this needs a valid API key');
      return false;
    },
  };
}
export type Callers = ReturnType<typeof createCallers>;

interface FromNode {
  req: IncomingMessage;
  res: ServerResponse;
}

/** Refuses requests without a key before anything of them is read, and ends subscriptions whose key is gone. */
export function useCallers(callers: Callers): Plugin<Context, FromNode> {
  return {
    onRequestParse({ serverContext: { req, res } }) {
      if (callers.of(req)) return;
      callers.refuse(req);
      // What was not read of a body cannot be told from the next request.
      if (!req.complete) res.setHeader('connection', 'close');
      throw createGraphQLError('this needs a valid API key, as "Authorization: Bearer <secret>"', {
        extensions: {
          code: 'UNAUTHENTICATED',
          http: { status: 401, headers: { 'WWW-Authenticate': CHALLENGE } },
        },
      });
    },

    onSubscribe({ args: { contextValue } }) {
      const { caller, disconnect, closed } = contextValue;
      // A WebSocket sees to itself, and closes with a code.
      if (isOfOwnLine(contextValue)) return;
      closed().addEventListener('abort', caller.onRevoked(disconnect), { once: true });
    },
  };
}
