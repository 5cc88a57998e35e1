import { type DocumentNode, type GraphQLError, parse, specifiedRules, validate } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import { ConfigError } from '../config/settings.ts';
import { schema } from '../resolvers/schema.ts';
import { usualLimits } from './limits.ts';
import { oneSendRule } from './one-send-rule.ts';
import { RefusalCode, refusal } from './refusal.ts';
import { aliasRule } from './use-operation-limits.ts';

const RULES = [...specifiedRules, oneSendRule, aliasRule(usualLimits.aliases)];

/** Throws `ConfigError` with a line for every document that no client could ever run. */
export function refuseWrongDocuments(documents: ReadonlyMap<string, string> | null): void {
  const wrong = [...(documents ?? [])].flatMap(([id, text]) => {
    const [first] = errorsOf(text);
    return first ? [`TRUSTED_DOCUMENTS: ${id}: ${first.message}`] : [];
  });
  if (wrong.length > 0) throw new ConfigError(wrong.join('\n'));
}

function errorsOf(text: string): readonly GraphQLError[] {
  let document: DocumentNode;
  try {
    document = parse(text, { maxTokens: usualLimits.tokens });
  } catch (error) {
    return [error as GraphQLError];
  }
  return validate(schema, document, RULES);
}

/** The names under which clients send an id of a document: the appendix of GraphQL over HTTP, urql and Relay. */
const ID_NAMES = ['documentId', 'id', 'doc_id'] as const;

const bare = (id: string): string => id.replace(/^sha256:/, '');

function idOf(params: Record<string, unknown>): string | null {
  const { persistedQuery } = (params.extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
  const id =
    ID_NAMES.map((name) => params[name]).find((value) => value != null) ?? persistedQuery?.sha256Hash;
  return typeof id === 'string' ? id : null;
}

/** Puts the text of a document where its id was asked for. Throws for whatever is not one of them. */
export type TrustedDocuments = (params: Record<string, unknown>) => GraphQLParams;

export function createTrustedDocuments(documents: ReadonlyMap<string, string>): TrustedDocuments {
  const byId = new Map([...documents].map(([id, text]) => [bare(id), text]));
  const texts = new Set(documents.values());
  return (params) => {
    const { query } = params;
    const { variables, operationName, extensions } = params as GraphQLParams;
    const id = idOf(params);
    const known = id === null ? undefined : byId.get(bare(id));
    if (known !== undefined) return { query: known, variables, operationName, extensions };
    // One that is written out in full is trusted as well.
    if (typeof query === 'string' && texts.has(query)) return { query, variables, operationName, extensions };
    if (id !== null && !query) {
      throw refusal(400, RefusalCode.PERSISTED_QUERY_NOT_FOUND, 'PersistedQueryNotFound');
    }
    throw refusal(
      400,
      RefusalCode.PERSISTED_QUERY_ONLY,
      'this gateway serves only the documents that it was given: send the id of one',
    );
  };
}

/** Messages over WebSocket must have a query; whoever sends an id has none. */
export const hasDocumentId = (payload: Record<string, unknown>): boolean => idOf(payload) !== null;
