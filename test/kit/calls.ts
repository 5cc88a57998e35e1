import type { RequestRecord } from '../../src/sandbox/request-log.ts';
import type { World } from './world.ts';

/** What reached WeChat, but for the fetching of tokens. */
export const calls = ({ sandbox }: World, path = '/cgi-bin/'): RequestRecord[] =>
  sandbox.requests.filter((request) => !/token$/.test(request.path) && request.path.startsWith(path));

/** The body of the last call of a path, parsed. */
export const lastBody = (world: World, path: string): any =>
  JSON.parse(calls(world, path).at(-1)?.body ?? '');
