import type { IncomingMessage } from 'node:http';
import { type DocumentNode, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ObservedOperation, Observer, OperationKind, OperationOutcome, Transport } from '../observer.ts';

/** What an operation carries from its first to its last step, one object throughout. */
interface OperationContext {
  req?: IncomingMessage;
  connection?: object;
  params?: { operationName?: string | null };
}

function transportOf(req?: IncomingMessage, connection?: object): Transport {
  if (connection && !req) return 'websocket';
  const { accept = '' } = req?.headers ?? {};
  // urql names a stream beside JSON with every query, and alone with a subscription.
  return accept.includes('text/event-stream') && !accept.includes('json') ? 'sse' : 'http';
}

const kindOf = (document: DocumentNode, { params }: OperationContext): OperationKind =>
  getOperationAST(document, params?.operationName)?.operation ?? 'unread';

const outcomeOf = (result: unknown): OperationOutcome =>
  typeof result === 'object' && result !== null && 'errors' in result ? 'errors' : 'ok';

/** An operation that was read, and is about to be run. */
export function beginOperation(
  observer: Observer,
  req?: IncomingMessage,
  connection?: object,
): ObservedOperation {
  const header = req?.headers.traceparent;
  const traceparent = typeof header === 'string' ? header : null;
  return observer.operation({ transport: transportOf(req, connection), traceparent });
}

/** Tells an observer of every operation. `first` has to stand before all plugins that can refuse one, `last` after all that execute it. */
export function observeOperations(observer: Observer): { first: Plugin; last: Plugin } {
  const under = new WeakMap<object, ObservedOperation>();
  const end = (context: object, kind: OperationKind, outcome: OperationOutcome) => {
    under.get(context)?.ended(kind, outcome);
    under.delete(context);
  };

  return {
    first: {
      onParse({ context }) {
        const { req, connection } = context as OperationContext;
        under.set(context, beginOperation(observer, req, connection));
        return ({ result }) => {
          if (result === null || result instanceof Error) end(context, 'unread', 'refused');
        };
      },
      onValidate:
        ({ context, params }) =>
        ({ valid }) => {
          if (!valid) end(context, kindOf(params.documentAST, context as OperationContext), 'refused');
        },
      onExecute: ({ args }) => ({
        onExecuteDone: ({ result }) =>
          end(args.contextValue, kindOf(args.document, args.contextValue), outcomeOf(result)),
      }),
      onSubscribe: ({ args }) => ({
        onSubscribeResult: ({ result }) => end(args.contextValue, 'subscription', outcomeOf(result)),
      }),
    },
    last: {
      onExecute({ args, executeFn, setExecuteFn }) {
        const operation = under.get(args.contextValue);
        if (operation) setExecuteFn((all) => operation.run(() => executeFn(all)));
      },
    },
  };
}
