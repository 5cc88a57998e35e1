import { lookup } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import type { Clock } from '../clock.ts';
import { createAddressRule } from './forward-address.ts';

/** What the callback URL answers. */
export interface CallbackAnswer {
  status: number;
  body: string | Buffer;
  /** @default plain text */
  contentType?: string;
}

/**
 * Passes a push on, and gives what came back.
 * @param withinMs milliseconds for all of it, the look-up of the name included
 * @throws PushUndeliverableError
 */
export type ForwardPush = (
  url: string,
  push: { query: string; body: Buffer; contentType: string | null },
  withinMs: number,
) => Promise<CallbackAnswer>;

/** Nobody took the push, so WeChat is to repeat it. The message holds neither the address nor the query, which is signed. */
export class PushUndeliverableError extends Error {
  override readonly name = 'PushUndeliverableError' as const;
}

interface Resolved {
  address: string;
  family: number;
}

/** The longest answer that is passed back. WeChat's longest message to a user is much shorter. */
const MAX_ANSWER_BYTES = 64 * 1024;

export const createForwarder = ({
  allow,
  clock,
  resolve = (host) => lookup(host, { all: true }),
}: {
  /** Host names, addresses and networks that pushes may go to although they are not public. */
  allow: readonly string[];
  clock: Clock;
  resolve?: (host: string) => Promise<Resolved[]>;
}): ForwardPush => {
  const isAllowed = createAddressRule(allow);

  /** Once, so that nobody can answer with a harmless address first and another one for the connection. */
  const addressesOf = async (host: string): Promise<Resolved[]> => {
    const family = isIP(host);
    const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
    if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(host, address))) {
      throw new PushUndeliverableError('its address is neither public nor allowed');
    }
    return addresses;
  };

  return async (url, push, withinMs) => {
    const target = new URL(url);
    const impatience = new AbortController();
    const { promise: late, reject } = Promise.withResolvers<never>();
    const cancel = clock.after(withinMs, () => {
      reject(new PushUndeliverableError('no answer came in time'));
      impatience.abort();
    });
    try {
      const host = target.hostname.replace(/^\[|\]$/g, '');
      const addresses = await Promise.race([addressesOf(host), late]);
      return await Promise.race([post(target, push, addresses, impatience.signal), late]);
    } catch (error) {
      if (error instanceof PushUndeliverableError) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'the connection broke';
      throw new PushUndeliverableError(code);
    } finally {
      cancel();
      impatience.abort();
    }
  };
};

const post = async (
  url: URL,
  { query, body, contentType }: Parameters<ForwardPush>[1],
  addresses: Resolved[],
  signal: AbortSignal,
): Promise<CallbackAnswer> => {
  const { promise, resolve, reject } = Promise.withResolvers<CallbackAnswer>();
  const toChecked: LookupFunction = (_host, { all }, found) =>
    all ? found(null, addresses) : found(null, addresses[0]!.address, addresses[0]!.family);
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = request(url, {
    method: 'POST',
    path: `${url.pathname}${url.search === '' ? '?' : `${url.search}&`}${query}`,
    headers: {
      ...(contentType === null ? {} : { 'content-type': contentType }),
      'content-length': body.length,
    },
    // A connection that is kept would outlive the check of its address.
    agent: false,
    lookup: toChecked,
    signal,
  });
  outgoing.on('error', reject);
  outgoing.on('response', async (response) => {
    try {
      const { statusCode = 0, headers } = response;
      if (statusCode < 200 || statusCode > 299) throw new PushUndeliverableError(`HTTP ${statusCode}`);
      const answer = await readBounded(response);
      resolve({ status: 200, body: answer, contentType: headers['content-type'] });
    } catch (error) {
      reject(error);
    }
  });
  outgoing.end(body);
  return promise;
};

const readBounded = async (answer: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new PushUndeliverableError('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
