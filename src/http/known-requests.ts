import type { GraphQLParams } from 'graphql-yoga';
import { createRecent } from '../recent.ts';
import { wrongVariables } from './exact-numbers.ts';
import type { KnownQueries, ReadyQuery } from './known-queries.ts';
import { hasOnlyParameters, isFields, isWellFormed } from './params.ts';
import { readBody } from './request-body.ts';
import type { TrustedDocuments } from './trusted-documents.ts';

/** How much is kept. Dashboards ask for the same again and again, to the letter. */
const MOST = { requests: 500, characters: 5_000 };

/** What a body asks for, ready to be run. */
export interface KnownRequest {
  query: ReadyQuery;
  extensions: Record<string, unknown>;
}

/**
 * Reads what bodies ask for, and keeps it of those that came last. It follows from the text alone, so it is never out of date. Null for
 * what the ordinary server has to see to, be it wrong or only unusual.
 */
export function createKnownRequests(
  queries: KnownQueries,
  trusted: TrustedDocuments | null,
): (body: string) => KnownRequest | null {
  const known = createRecent<KnownRequest | null>(MOST.requests);

  function read(body: string): KnownRequest | null {
    const asked = askedFor(
      orNull(() => readBody(body)),
      trusted,
    );
    const query = asked && queries(asked.query, asked.operationName)?.(asked.variables);
    return query ? { query, extensions: asked.extensions } : null;
  }

  return (body) => {
    if (body.length > MOST.characters) return read(body);
    const kept = known.get(body);
    if (kept !== undefined) return kept;
    const request = read(body);
    known.set(body, request);
    return request;
  };
}

interface Asked {
  query: string;
  operationName: string | null;
  variables: Record<string, unknown>;
  extensions: Record<string, unknown>;
}

/** Null for whatever the ordinary server may find wrong. */
function askedFor(body: GraphQLParams | null, trusted: TrustedDocuments | null): Asked | null {
  const params = body && trusted ? orNull(() => trusted({ ...body })) : body;
  if (!isFields(params) || !hasOnlyParameters(params) || !isWellFormed(params)) return null;
  const { query, variables, operationName, extensions } = params;
  if (typeof query !== 'string' || operationName === '' || wrongVariables(variables)) return null;
  return {
    query,
    operationName: operationName ?? null,
    variables: variables ?? {},
    extensions: extensions ?? {},
  };
}

function orNull<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
