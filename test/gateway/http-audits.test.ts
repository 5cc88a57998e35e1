import { serverAudits } from 'graphql-http';
import { expect, it } from 'vitest';
import { bearer } from '../kit/bearer.ts';
import { API_KEYS, SECRETS } from '../kit/keys.ts';
import { createWorld } from '../kit/world.ts';

const withKey: typeof fetch = (input, init) =>
  fetch(input, {
    ...init,
    headers: { ...(init?.headers as Record<string, string>), ...bearer(SECRETS.reader) },
  });

it.each<[string, Record<string, string>, typeof fetch]>([
  ['as it runs in production, with keys', { API_KEYS }, withKey],
  ['with keys and introspection', { API_KEYS, INTROSPECTION: 'on' }, withKey],
  ['without keys', {}, fetch],
  ['without keys and introspection', { INTROSPECTION: 'off' }, fetch],
])('passes every audit of GraphQL over HTTP %s', async (_, env, fetchFn) => {
  await using world = await createWorld({ env });
  const audits = serverAudits({ url: `${world.url}/graphql`, fetchFn });
  expect(audits).toHaveLength(61);
  const results = await Promise.all(audits.map((audit) => audit.fn()));
  const failed = results.flatMap((result) =>
    result.status === 'ok' ? [] : [`${result.id} ${result.status}: ${result.name}: ${result.reason}`],
  );
  expect(failed).toEqual([]);
});

it('shows the audits what production shows: no introspection, and nothing to whoever has no key', async () => {
  await using world = await createWorld({ env: { API_KEYS } });
  const ask = (headers: HeadersInit) =>
    fetch(`${world.url}/graphql?query={__schema{queryType{name}}}`, { headers });
  expect((await ask({})).status).toBe(401);
  expect(await (await ask(bearer(SECRETS.admin))).json()).toMatchObject({
    errors: [{ extensions: { code: 'INTROSPECTION_OFF' } }],
  });
});
