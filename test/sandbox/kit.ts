import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SandboxAccount } from '../../src/sandbox/account-settings.ts';
import { openIdOf } from '../../src/sandbox/population.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { files } from './files.ts';

export type Answer = Record<string, unknown>;

export const mass = (name: string) => `/cgi-bin/message/mass/${name}`;

export const openIds = (count: number, from = 1): string[] =>
  Array.from({ length: count }, (_, index) => openIdOf(from + index));

export const text = (content: string) => ({ msgtype: 'text', text: { content } });
export const toAll = { filter: { is_to_all: true } };
export const toTag = (tag_id: unknown) => ({ filter: { is_to_all: false, tag_id } });

/** A sandbox with one account on a clock of its own, and a client that has a token. */
export async function startSandbox(
  settings: Partial<SandboxAccount> = {},
  options: { idOffset?: number } = {},
) {
  const clock = createFakeClock();
  const account: SandboxAccount = { appId: 'wx_app', appSecret: 'secret', type: 'service', ...settings };
  const sandbox = await createSandbox({ accounts: [account], clock, ...options });
  let token = '';

  const post = async (path: string, body: string | FormData, signal?: AbortSignal): Promise<Response> => {
    const separator = path.includes('?') ? '&' : '?';
    const url = `${sandbox.url}${path}${separator}access_token=${token}`;
    return fetch(url, { method: 'POST', body, ...(signal ? { signal } : {}) });
  };
  const read = async (response: Response) => (await response.json()) as Answer;
  const call = async (path: string, fields: object) => read(await post(path, JSON.stringify(fields)));
  const fetchToken = async () => {
    const query = `grant_type=client_credential&appid=${account.appId}&secret=${account.appSecret}`;
    const answer = await read(await fetch(`${sandbox.url}/cgi-bin/token?${query}`));
    token = String(answer.access_token);
    return token;
  };
  const upload = async (path: string, file: Buffer, field = 'media') => {
    const form = new FormData();
    form.append(field, new Blob([Uint8Array.from(file)]), 'a-file');
    return read(await post(path, form));
  };
  const addMedia = async (type: 'image' | 'voice' | 'video' | 'thumb') => {
    const file = { image: files.png, voice: files.amr, video: files.mp4, thumb: files.jpg }[type]();
    const answer = await upload(`/cgi-bin/media/upload?type=${type}`, file);
    return String(answer.media_id ?? answer.thumb_media_id);
  };
  const addNews = async (...contents: string[]) => {
    const thumb_media_id = await addMedia('thumb');
    const articles = contents.map((content) => ({ thumb_media_id, title: 'Title', content }));
    return String((await call('/cgi-bin/media/uploadnews', { articles })).media_id);
  };
  const addVideo = async () => {
    const video = { media_id: await addMedia('video'), title: 'Title', description: 'Description' };
    return String((await call('/cgi-bin/media/uploadvideo', video)).media_id);
  };
  await fetchToken();
  return {
    ...{ sandbox, clock, account, post, call, fetchToken, upload, addMedia, addNews, addVideo },
    [Symbol.asyncDispose]: () => sandbox.close(),
  };
}

export interface ReceivedPush {
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A callback URL. It answers `success` unless told otherwise. */
export async function startReceiver(
  answer: (response: ServerResponse) => void = (response) => response.end('success'),
) {
  const received: ReceivedPush[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { searchParams: query } = new URL(request.url ?? '/', 'http://receiver');
    received.push({ query, headers: request.headers, body: Buffer.concat(chunks).toString() });
    answer(response);
    server.emit('received');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback?account=1`,
    received,
    next: () => once(server, 'received'),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
