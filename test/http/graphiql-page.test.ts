import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { createGraphiqlPage } from '../../src/http/graphiql-page.ts';
import { createMask } from '../../src/http/mask.ts';
import { silentLog } from '../../src/log.ts';

it('tells the log alone why it could not be shown', async () => {
  const failures: object[] = [];
  const log = { ...silentLog, error: (context: object) => void failures.push(context) };
  const missing = new Error('Cannot find package of /somewhere/inside');
  const server = createServer(
    createYoga({
      schema: createSchema({ typeDefs: 'type Query { a: Int }' }),
      logging: false,
      renderGraphiQL: createGraphiqlPage(createMask(log), () => Promise.reject(missing)),
    }),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/graphql`, { headers: { accept: 'text/html' } });
  server.close();
  expect(response.status).toBe(500);
  expect(JSON.parse(await response.text())).toEqual({
    errors: [
      {
        message: 'Unexpected error.',
        extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.any(String) },
      },
    ],
  });
  expect(failures).toMatchObject([{ error: missing }]);
});
