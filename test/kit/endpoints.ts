import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { World } from './world.ts';

/** WeChat's paths, as the sandbox is scripted by them. */
export const SENDALL = '/cgi-bin/message/mass/sendall';
export const SEND_TO_LIST = '/cgi-bin/message/mass/send';
export const PREVIEW = '/cgi-bin/message/mass/preview';
export const STATUS = '/cgi-bin/message/mass/get';
export const DELETE = '/cgi-bin/message/mass/delete';
export const STABLE_TOKEN = '/cgi-bin/stable_token';
export const TOKEN = '/cgi-bin/token';

/** The next request to a path: ask before you act. */
export const nextRequest = ({ sandbox }: World, path: string): Promise<RequestRecord> =>
  sandbox.waitFor('request', (request) => request.path === path);

/** Resolves once WeChat has accepted so many sends. The clock stands still meanwhile: it would run away from what is under way. */
export async function untilAccepted({ sandbox, appId }: World, count: number): Promise<void> {
  while (sandbox.sends(appId).length < count) await sandbox.waitFor('accepted');
}

/** The requests that reached a path, oldest first. */
export const requestsTo = ({ sandbox }: World, path: string): RequestRecord[] =>
  sandbox.requests.filter((request) => request.path === path);
