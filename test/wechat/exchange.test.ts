import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WechatSilentError, WechatUnreachableError } from '../../src/wechat/errors.ts';
import { createExchange } from '../../src/wechat/exchange.ts';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await listen(server);
  open.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return urlOf(server);
}

const listen = (server: Pick<Server, 'listen' | 'on'>) => {
  server.listen(0, '127.0.0.1');
  return once(server as Server, 'listening');
};
const urlOf = (server: Pick<Server, 'address'>) =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function exchangeWith(baseUrl: string) {
  const { exchange, close } = createExchange({ baseUrl, timeoutMs: 300 });
  open.push({ close });
  return exchange({ method: 'POST', path: '/cgi-bin/x', query: { access_token: 'secret' }, body: '{}' });
}

describe('an exchange with WeChat', () => {
  it.each(['', '/', '/wechat', '/wechat/'])(
    'asks below the path of the address, where it has one (%s)',
    async (path) => {
      const asked: string[] = [];
      const url = await serve((request, response) => {
        asked.push(request.url ?? '');
        response.end('{"errcode":0}');
      });
      await exchangeWith(`${url}${path}`);
      expect(asked).toEqual([`${path.replace(/\/$/, '')}/cgi-bin/x?access_token=secret`]);
    },
  );

  it('gives the fields of the answer, whatever its content type says', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' }).end('\uFEFF{"msg_id":90261533849829378}');
    });
    expect(await exchangeWith(url)).toEqual({ msg_id: '90261533849829378' });
  });

  it('knows that a request never left where nobody listens', async () => {
    const server = createTcpServer();
    await listen(server as unknown as Server);
    const url = urlOf(server as unknown as Server);
    server.close();
    await once(server, 'close');
    await expect(exchangeWith(url)).rejects.toThrow(WechatUnreachableError);
  });

  it('knows that a request never left where the name is unknown', async () => {
    await expect(exchangeWith('http://wechat.invalid')).rejects.toThrow(WechatUnreachableError);
  });

  it.each<[string, (socket: Socket) => unknown]>([
    ['speaks no TLS', (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['breaks off in its handshake', (socket) => socket.destroy()],
    ['says nothing in its handshake', () => {}],
  ])('knows that a request never left where the server %s', async (_, listener) => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => {});
      open.push({ close: () => socket.destroy() });
      socket.once('data', () => listener(socket));
    });
    await listen(server as unknown as Server);
    open.push(server);
    const url = urlOf(server as unknown as Server).replace('http:', 'https:');
    await expect(exchangeWith(url)).rejects.toThrow(WechatUnreachableError);
  });

  it.each<[string, RequestListener]>([
    ['breaks the connection', (_, response) => response.destroy()],
    ['never answers', () => {}],
    [
      'stops in the middle of its answer',
      (_, response) => response.writeHead(200).write('{"errcode":', () => response.destroy()),
    ],
    [
      'begins an answer and never ends it',
      (_, response) => void response.writeHead(200).write('{"errcode":0'),
    ],
    ['answers HTTP 502, even with JSON', (_, response) => response.writeHead(502).end('{"errcode":40003}')],
    ['answers HTML', (_, response) => response.writeHead(200).end('<html></html>')],
    ['answers a bare number', (_, response) => response.writeHead(200).end('0')],
    ['answers null', (_, response) => response.writeHead(200).end('null')],
    ['answers more than any answer is', (_, response) => response.writeHead(200).end('x'.repeat(17_000_000))],
  ])('does not pretend to know what became of a request where WeChat %s', async (_, listener) => {
    const url = await serve(listener);
    const failure = await exchangeWith(url).catch((error) => error);
    expect(failure).toBeInstanceOf(WechatSilentError);
    expect(failure.message).toMatch(/^\/cgi-bin\/x: /);
    expect(failure.message).not.toContain('secret');
  });
});

it('takes a refusal of HTTP without an errcode for no verdict, and one with an errcode for what it says', async () => {
  const answers = ['{"message":"precondition failed"}', '{"errcode":40001}'];
  const url = await serve((_, response) => response.writeHead(412).end(answers.shift()));
  await expect(exchangeWith(url)).rejects.toThrow(WechatSilentError);
  expect(await exchangeWith(url)).toEqual({ errcode: 40001 });
});
