import { type ASTNode, type DocumentNode, Kind, visit } from 'graphql';

/** Where a subscription begins; what is told of an event does not depend on it. */
const BEGINNING = 'after';

/** The variables that say nothing but where a subscription begins. */
function beginningsOf(document: DocumentNode): ReadonlySet<string> {
  const arguments_ = new Set<unknown>();
  const beginnings = new Set<string>();
  const others = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    OperationDefinition({ selectionSet }) {
      for (const field of selectionSet.selections) {
        if (field.kind !== Kind.FIELD) continue;
        for (const argument of field.arguments ?? [])
          if (argument.name.value === BEGINNING) arguments_.add(argument);
      }
    },
    Variable({ name }, _key, parent) {
      (arguments_.has(parent as ASTNode) ? beginnings : others).add(name.value);
    },
  });
  return new Set([...beginnings].filter((name) => !others.has(name)));
}

export interface Sharing {
  query: string;
  document: DocumentNode;
  operationName: string | null | undefined;
  variables: Readonly<Record<string, unknown>> | null | undefined;
  /** Whatever else the results hang on, the caller's permissions above all. */
  besides: readonly unknown[];
}

/** Operations of one key are told the same of an event. */
export function createSharingKeys(): (sharing: Sharing) => string {
  const known = new WeakMap<DocumentNode, ReadonlySet<string>>();
  return ({ query, document, operationName, variables, besides }) => {
    const beginnings = known.get(document) ?? beginningsOf(document);
    known.set(document, beginnings);
    const telling = Object.entries(variables ?? {}).filter(([name]) => !beginnings.has(name));
    return JSON.stringify([query, operationName ?? null, telling, besides]);
  };
}
