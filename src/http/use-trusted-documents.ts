import type { Plugin } from 'graphql-yoga';
import { paramsInAddress } from './asked.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** Over HTTP; over WebSocket the line itself asks, see `websocket-operations.ts`. */
export const useTrustedDocuments = (trusted: TrustedDocuments): Plugin => ({
  onParams({ request, params, setParams }) {
    // The server's own parser of addresses takes only what every server knows.
    const asked = request.method === 'GET' ? paramsInAddress(new URL(request.url)) : params;
    setParams(trusted({ ...asked }));
  },
});
