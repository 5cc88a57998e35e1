import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { bearer } from './bearer.ts';
import type { World } from './world.ts';

/** A key of every scope. */
export const SECRETS = {
  reader: 'reader-3f9a1c5e7b2d4f60',
  sender: 'sender-8d1e6a4b9c7f2035',
  admin: 'admin-5b7c3e9f1a2d4680a',
} as const;
export type KeyName = keyof typeof SECRETS;

export const API_KEYS = `reader:${SECRETS.reader}:read,sender:${SECRETS.sender}:send,admin:${SECRETS.admin}:admin`;

interface Result {
  data?: any;
  errors?: any[];
}

/** The first result of an operation. @param secret null: without a key */
export type Ask = (
  world: World,
  secret: string | null,
  query: string,
  files?: readonly string[],
) => Promise<Result>;

function bodyOf(query: string, files: readonly string[]): { headers: Record<string, string>; body: any } {
  if (files.length === 0)
    return { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query }) };
  const form = new FormData();
  form.set(
    'operations',
    JSON.stringify({ query, variables: Object.fromEntries(files.map((f) => [f, null])) }),
  );
  form.set('map', JSON.stringify(Object.fromEntries(files.map((name) => [name, [`variables.${name}`]]))));
  for (const name of files) form.set(name, new Blob(['no image']), name);
  return { headers: { 'graphql-require-preflight': '1' }, body: form };
}

async function request(
  world: World,
  secret: string | null,
  { headers, body }: ReturnType<typeof bodyOf>,
  accept: string,
  signal: AbortSignal,
): Promise<Response> {
  const authorization = secret === null ? {} : bearer(secret);
  return fetch(`${world.url}/graphql`, {
    method: 'POST',
    headers: { accept, ...headers, ...authorization },
    body,
    signal,
  });
}

const overHttp: Ask = async (world, secret, query, files = []) => {
  const { signal } = new AbortController();
  return (await request(world, secret, bodyOf(query, files), 'application/json', signal)).json() as Result;
};

const overSse: Ask = async (world, secret, query, files = []) => {
  const stop = new AbortController();
  const response = await request(world, secret, bodyOf(query, files), 'text/event-stream', stop.signal);
  let text = '';
  const reader = response.body!.pipeThrough(new TextDecoderStream() as any).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    text += value ?? '';
    const data = /^data: (.+)\n/m.exec(text)?.[1];
    if (!data && !done) continue;
    stop.abort();
    await reader.cancel().catch(() => {});
    return JSON.parse(data ?? text);
  }
};

const overWebSocket: Ask = async (world, secret, query) => {
  const client = createClient({
    url: `${world.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(secret === null ? {} : { connectionParams: bearer(secret) }),
  });
  try {
    return (await client.iterate({ query }).next()).value as Result;
  } catch (error) {
    // What ends the whole connection, and errors of one operation.
    return { errors: Array.isArray(error) ? error : [{ closed: (error as { code: number }).code }] };
  } finally {
    await client.dispose();
  }
};

export const askOver = { HTTP: overHttp, SSE: overSse, WebSocket: overWebSocket };
export type Way = keyof typeof askOver;
