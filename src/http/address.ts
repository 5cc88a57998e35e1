import type { IncomingMessage } from 'node:http';

/** What a request asks for. Null where that is no address: only who probes sends such. */
export const addressOf = ({ url = '/' }: IncomingMessage): URL | null => URL.parse(url, 'http://gateway');
