import { expect, it } from 'vitest';
import { startSandbox } from './kit.ts';

type Started = Awaited<ReturnType<typeof startSandbox>>;

const HOUR = 3_600_000;
const MINUTE = 60_000;

async function withTokens(settings = {}) {
  const started = await startSandbox(settings);
  const { sandbox, call } = started;
  const stable = (fields: object = {}) =>
    call('/cgi-bin/stable_token', {
      grant_type: 'client_credential',
      appid: 'wx_app',
      secret: 'secret',
      ...fields,
    });
  const plain = async (query: string) => (await fetch(`${sandbox.url}/cgi-bin/token?${query}`)).json();
  /** The errcode that a call with this token is answered. */
  const useToken = async (token: unknown) => {
    const response = await fetch(`${sandbox.url}/cgi-bin/tags/get?access_token=${token}`);
    const { errcode = 0 } = (await response.json()) as { errcode?: number };
    return errcode;
  };
  return { ...started, stable, plain, useToken };
}

it.each([
  ['a wrong secret', { secret: 'wrong' }, 40125],
  ['a wrong app id', { appid: 'wx_other' }, 40013],
  ['no app id', { appid: undefined }, 41002],
  ['no secret', { secret: undefined }, 41004],
  ['a wrong grant type', { grant_type: 'password' }, 40002],
  ['a force_refresh that is no boolean', { force_refresh: 'true' }, 47001],
])('refuses a stable token for %s', async (_, fields, errcode) => {
  await using started = await withTokens();
  expect(await started.stable(fields)).toMatchObject({ errcode });
});

it.each([
  ['grant_type=client_credential&appid=wx_app&secret=wrong', 40125],
  ['grant_type=client_credential&appid=wx_other&secret=secret', 40013],
  ['grant_type=client_credential&secret=secret', 41002],
  ['grant_type=client_credential&appid=wx_app', 41004],
  ['appid=wx_app&secret=secret', 40002],
])('refuses a token for %s', async (query, errcode) => {
  await using started = await withTokens();
  expect(await started.plain(query)).toMatchObject({ errcode });
});

it('gives everybody the same stable token until five minutes before its end', async () => {
  await using started = await withTokens();
  const { clock, stable, useToken } = started;
  const first = await stable();
  expect(first).toEqual({ access_token: expect.any(String), expires_in: 7200 });
  await clock.advance(2 * HOUR - 5 * MINUTE - 1000);
  expect(await stable()).toEqual({ access_token: first.access_token, expires_in: 301 });
  await clock.advance(1000);
  const second = await stable();
  expect(second).toMatchObject({ expires_in: 7200 });
  expect(second.access_token).not.toBe(first.access_token);
  expect(await useToken(first.access_token)).toBe(0);
  await clock.advance(5 * MINUTE);
  expect(await useToken(first.access_token)).toBe(42001);
  expect(await useToken(second.access_token)).toBe(0);
});

it('kills the stable token at once when a new one is forced', async () => {
  await using started = await withTokens();
  const { stable, useToken } = started;
  const first = await stable();
  const second = await stable({ force_refresh: true });
  expect(await useToken(first.access_token)).toBe(40001);
  expect(await useToken(second.access_token)).toBe(0);
  expect((await stable()).access_token).toBe(second.access_token);
});

it('forces no more than a token in thirty seconds and twenty a Beijing day', async () => {
  await using started = await withTokens();
  const { clock, stable } = started;
  const refresh = () => stable({ force_refresh: true });
  await refresh();
  await clock.advance(29_999);
  expect(await refresh()).toMatchObject({ errcode: 45011 });
  for (let count = 2; count <= 20; count++) {
    await clock.advance(30_000);
    expect(await refresh()).toHaveProperty('access_token');
  }
  await clock.advance(30_000);
  expect(await refresh()).toMatchObject({ errcode: 45009 });
  // It was 10 a.m.: fourteen hours later the next day has begun.
  await clock.advance(14 * HOUR);
  expect(await refresh()).toHaveProperty('access_token');
});

it('lets the old token live five more minutes after another was fetched', async () => {
  await using started = await withTokens();
  const { clock, fetchToken, useToken } = started;
  const old = await fetchToken();
  const current = await fetchToken();
  expect(current).not.toBe(old);
  await clock.advance(5 * MINUTE - 1);
  expect(await useToken(old)).toBe(0);
  await clock.advance(1);
  expect(await useToken(old)).toBe(40001);
  expect(await useToken(current)).toBe(0);
});

it('answers 48001 for stable tokens where the account is set to have none', async () => {
  await using started = await withTokens({ stableToken: false });
  expect(await started.stable()).toMatchObject({ errcode: 48001 });
});

it('wants a token that it issued and that is still good', async () => {
  await using started = await withTokens();
  const { sandbox, account, fetchToken, useToken, clock } = started;
  const noToken = (await (await fetch(`${sandbox.url}/cgi-bin/tags/get`)).json()) as object;
  expect(noToken).toMatchObject({ errcode: 41001 });
  expect(await useToken('made-up')).toBe(40014);
  const revoked = await fetchToken();
  sandbox.revokeToken(account.appId);
  expect(await useToken(revoked)).toBe(40001);
  const expired = await fetchToken();
  await clock.advance(2 * HOUR);
  expect(await useToken(expired)).toBe(42001);
});

it('wants the documented method, a known path and a JSON object', async () => {
  await using started: Started = await startSandbox();
  const { sandbox, post, call, fetchToken } = started;
  const token = await fetchToken();
  const get = async (path: string) =>
    (await fetch(`${sandbox.url}${path}?access_token=${token}`)).json() as Promise<object>;
  expect(await get('/cgi-bin/message/mass/get')).toMatchObject({ errcode: 43002 });
  expect(await call('/cgi-bin/tags/get', {})).toMatchObject({ errcode: 43001 });
  expect(await get('/cgi-bin/nothing')).toMatchObject({ errcode: 40066 });
  const answerTo = async (body: string) => (await post('/cgi-bin/message/mass/get', body)).json();
  expect(await answerTo('')).toMatchObject({ errcode: 44002 });
  expect(await answerTo('{')).toMatchObject({ errcode: 47001 });
  expect(await answerTo('[]')).toMatchObject({ errcode: 47001 });
});

it('labels its JSON as text and ends every errmsg with a rid', async () => {
  await using started = await startSandbox();
  const response = await started.post('/cgi-bin/message/mass/get', '{}');
  expect(response.headers.get('content-type')).toBe('text/plain');
  expect(await response.json()).toEqual({
    errcode: 40059,
    errmsg: expect.stringMatching(/^invalid msg id rid: [\da-f]{8}-[\da-f]{8}-[\da-f]{8}$/),
  });
});
