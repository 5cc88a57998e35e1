import { expect, it } from 'vitest';
import { createCensor } from '../src/censor.ts';
import { secretsOf } from '../src/config/secrets.ts';
import { canaries, findLeaks } from './kit/canaries.ts';

it('cuts known secrets out of a line, as they are and as JSON and addresses have them', () => {
  const { cut } = createCensor(Object.values(canaries));
  const line = JSON.stringify({
    ...canaries,
    url: `https://x/?q=${new URLSearchParams({ secret: canaries.appSecret })}`,
    path: encodeURIComponent(canaries.appSecret),
  });
  expect(findLeaks({ line: cut(line) }, { ...canaries })).toEqual([]);
  expect(cut('nothing to see: {"a":1}')).toBe('nothing to see: {"a":1}');
});

it('cuts tokens out by where they stand, also those that nobody has told it of', () => {
  const { cut } = createCensor([]);
  const token = '89_sometoken-x';
  for (const text of [
    `fetch failed: https://api.weixin.qq.com/cgi-bin/x?access_token=${token}&type=image`,
    JSON.stringify({ message: JSON.stringify({ access_token: token, expires_in: 7200 }) }),
    `{"access_token":"${token}"}`,
    `authorization: Bearer ${token}`,
    `authorization: Basic ${token}`,
    `postgres://user:${token}@db/qunfa`,
  ]) {
    expect(cut(text), text).not.toContain(token);
    expect(cut(text), text).toContain('[redacted]');
  }
});

it('cuts what it has learnt, and keeps to a bounded number of those', () => {
  const censor = createCensor([]);
  for (let index = 0; index < 1_500; index++) censor.learn(`token-${index}-end`);
  expect(censor.cut('a token-1499-end b')).toBe('a [redacted] b');
  expect(censor.cut('a token-1-end b')).toBe('a token-1-end b');
});

it('leaves alone what is too short to be a secret', () => {
  expect(createCensor(['abc', '']).cut('abcabc')).toBe('abcabc');
});

it('knows the password of a database, wherever in its address it stands', () => {
  const of = (databaseUrl: string) => secretsOf({ accounts: [], databaseUrl }, {});
  expect(of('postgres://db/x?user=me&password=p%40ss&sslmode=require')).toEqual(['p%40ss', 'p@ss']);
  expect(of('postgres://me:a@b@db/x')).toContain('a@b');
  expect(of('postgres://me:secret@/x?host=/var/run/postgresql')).toContain('secret');
  expect(of('file:./data/a:b@c.sqlite')).toEqual([]);
});

it('knows every secret among the settings', () => {
  const account = {
    appSecret: 'one',
    callbackToken: 'two',
    encodingAesKey: 'three',
    encodingAesKeyPrevious: null,
  };
  const config = { accounts: [account as never], databaseUrl: 'postgres://me:p%40ss@db/x' };
  const headers = 'x-key=five%20six,x-other=seven==';
  const env = { ENCRYPTION_KEY: 'four', OTEL_EXPORTER_OTLP_HEADERS: headers };
  expect(new Set(secretsOf(config, env))).toEqual(
    new Set([
      ...['one', 'two', 'three', 'p%40ss', 'p@ss', 'four'],
      ...[headers, 'five%20six', 'five six', 'seven=='],
    ]),
  );
});
