import { readFileSync } from 'node:fs';
import { buildClientSchema, getIntrospectionQuery, lexicographicSortSchema, printSchema } from 'graphql';
import { expect, it } from 'vitest';
import { createWorld } from '../kit/world.ts';

it('answers introspection with what schema.graphql says', async () => {
  await using world = await createWorld();
  const introspected = await world.query<any>(
    getIntrospectionQuery({ inputValueDeprecation: true, oneOf: true }),
  );
  const printed = printSchema(lexicographicSortSchema(buildClientSchema(introspected)));
  expect(`${printed}\n`).toBe(readFileSync(new URL('../../schema.graphql', import.meta.url), 'utf8'));
});
