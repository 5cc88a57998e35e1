import type { Plugin } from 'graphql-yoga';
import { contentTypeOf, isJson, paramsInAddress } from './asked.ts';
import type { ServerContext } from './connection.ts';
import { readMultipart } from './multipart.ts';
import { RefusalCode, refusal } from './refusal.ts';
import type { BodyReader } from './request-body.ts';

/** Headers that a page can set only where the browser has asked first whether it may. */
const ASKED_FIRST = ['graphql-require-preflight', 'apollo-require-preflight', 'x-requested-with'];

/** Forms can be posted by any web page that somebody looks at; a header of its own can not, without the browser asking first. */
export function useSafeForms(readJson: BodyReader['json'], mostBytes: number): Plugin<object, ServerContext> {
  return {
    onRequestParse({ request, serverContext, setRequestParser }) {
      if (request.method !== 'POST') {
        // The server's own parser would fail at what is no JSON.
        paramsInAddress(new URL(request.url));
        return;
      }
      const { req, res } = serverContext;
      const type = contentTypeOf(request.headers.get('content-type'));
      if (type === 'multipart/form-data') {
        // As Node read them: the adapter's headers leave empty ones out, and any value will do.
        if (ASKED_FIRST.every((name) => req.headers[name] === undefined)) {
          throw refusal(
            403,
            RefusalCode.FORBIDDEN,
            'multipart requests need the header GraphQL-Require-Preflight',
          );
        }
        setRequestParser(() => readMultipart(req, res, mostBytes));
      } else if (isJson(type)) {
        setRequestParser(() => readJson(req));
      } else {
        throw refusal(
          415,
          RefusalCode.UNSUPPORTED_MEDIA_TYPE,
          'requests are application/json or multipart/form-data, in UTF-8',
        );
      }
    },
  };
}
