import { serverAudits } from 'graphql-http';
import { expect, it } from 'vitest';
import { createWorld } from '../kit/world.ts';

it.each(['on', 'off'])(
  'passes every audit of GraphQL over HTTP with introspection %s',
  async (INTROSPECTION) => {
    await using world = await createWorld({ env: { INTROSPECTION } });
    const audits = serverAudits({ url: `${world.url}/graphql`, fetchFn: fetch });
    expect(audits).toHaveLength(61);
    const results = await Promise.all(audits.map((audit) => audit.fn()));
    const failed = results.flatMap((result) =>
      result.status === 'ok' ? [] : [`${result.id} ${result.status}: ${result.name}: ${result.reason}`],
    );
    expect(failed).toEqual([]);
  },
);
