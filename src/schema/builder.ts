import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import ErrorsPlugin from '@pothos/plugin-errors';
import type { Context } from './context.ts';
import type { Upload } from './upload.ts';

/** The schema's one builder: the only singleton there is, for that is how Pothos collects types. */
export const builder = new SchemaBuilder<{
  Context: Context;
  DefaultFieldNullability: false;
  Scalars: {
    ID: { Input: string; Output: string };
    Date: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    File: { Input: Upload; Output: never };
  };
}>({
  plugins: [ErrorsPlugin, ComplexityPlugin],
  defaultFieldNullability: false,
  errors: { defaultTypes: [] },
  // What is told here is weighed in `cost.ts`. A list that says nothing else is a short one.
  complexity: { defaultComplexity: 1, defaultListMultiplier: 4 },
});

builder.queryType({
  description:
    'What there is. Reading never asks WeChat unless a field says so, and changes nothing: only messageStatus stores what WeChat tells it. Needs the scope `read` of whoever has a key; where a field needs more, it says so. An operation may be 15 fields deep and cost 100,000: about as many values as it may answer, and 500 for every question that a query puts to WeChat. What one costs is answered in `extensions.cost` to whoever sends the header `GraphQL-Cost: 1`, or `extensions: { cost: true }` over any transport.',
});
builder.mutationType({
  description:
    'What can be done. Every mutation checks all documented rules first and answers InvalidInputError with every broken one; WeChat is then not called. An operation may hold one field that sends: massSend or preview. Each says which scope it needs; without it, it is the error FORBIDDEN and nothing is done. Every mutation is written into the audit trail.',
});
builder.subscriptionType({
  description:
    'What happens, as it happens: over SSE, and over WebSocket with the subprotocol graphql-transport-ws. Needs the scope `read`; a subscription ends when its key is removed or changed.',
});
