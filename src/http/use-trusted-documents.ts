import type { Plugin } from 'graphql-yoga';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Over HTTP; over WebSocket the line itself asks, see `websocket.ts`. */
export function useTrustedDocuments(trusted: TrustedDocuments): Plugin {
  return {
    onParams({ request, params, setParams }) {
      // The parser of addresses takes only what every server knows.
      const inAddress = request.method === 'GET' ? Object.fromEntries(new URL(request.url).searchParams) : {};
      const { documentId, id, doc_id } = inAddress;
      setParams(trusted({ documentId, id, doc_id, ...definedOf(params) }));
    },
  };
}

const definedOf = (params: object): object =>
  Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined));
