import { Client, type Dispatcher } from 'undici';
import { percentile } from './rounds.ts';

export interface LoadRequest {
  path: string;
  headers: Record<string, string>;
  body: string;
}

export interface Load {
  url: string;
  connections: number;
  /** Ends after so many seconds, or when there are no requests left. */
  seconds?: number;
  /** The next request; null: there are no more. */
  next: () => LoadRequest | null;
  /** Throws where the answer is not what it should be. */
  check: (status: number, body: Buffer) => void;
}

export interface Loaded {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Keeps one request under way on each connection. */
export async function load({ url, connections, seconds = 3_600, next, check }: Load): Promise<Loaded> {
  const clients = Array.from({ length: connections }, () => new Client(url, { pipelining: 1 }));
  const times: number[] = [];
  const startedAt = performance.now();
  const endsAt = startedAt + seconds * 1000;
  await Promise.all(
    clients.map(async (client) => {
      for (let now = performance.now(); now < endsAt; ) {
        const request = next();
        if (request === null) break;
        const { status, body } = await exchange(client, request);
        check(status, body);
        const then = performance.now();
        times.push(then - now);
        now = then;
      }
    }),
  );
  const took = (performance.now() - startedAt) / 1000;
  await Promise.all(clients.map((client) => client.close()));
  return {
    requests: times.length,
    perSecond: times.length / took,
    p50Ms: percentile(times, 0.5),
    p99Ms: percentile(times, 0.99),
  };
}

export interface Answer {
  status: number;
  body: Buffer;
}

/** One request on a connection. By `dispatch`, which costs the load least. */
export function exchange(client: Dispatcher, { path, headers, body }: LoadRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    client.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_, statusCode) {
          status = statusCode;
        },
        onResponseData(_, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd: () => resolve({ status, body: Buffer.concat(chunks) }),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

export const graphqlRequest = (query: string, variables: object = {}): LoadRequest => ({
  path: '/graphql',
  headers: { 'content-type': 'application/json', accept: 'application/json' },
  body: JSON.stringify({ query, variables }),
});

/** One operation and its data; rejects where the answer has errors. */
export async function ask<T>(url: string, query: string, variables?: object): Promise<T> {
  const client = new Client(url);
  try {
    const { status, body } = await exchange(client, graphqlRequest(query, variables));
    const answer = JSON.parse(body.toString('utf8'));
    if (status !== 200 || answer.errors) throw new Error(`HTTP ${status}: ${body}`);
    return answer.data;
  } finally {
    await client.close();
  }
}
