import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  getVariableValues,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
  visit,
} from 'graphql';
import type { WantedColumns } from '../db/prepared.ts';
import { createRecent, type Recent } from '../recent.ts';
import { costOf, type OperationCost } from '../schema/cost.ts';
import type { Soon } from '../soon.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import { NotStraight } from './query-run.ts';

/**
 * How much is kept: clients have a few dozen queries, each of them for a few settings of its variables. What is made of a query takes a
 * hundred times its characters, so it is those of all that are limited.
 */
const MOST = { characters: 20_000, charactersOfAll: 500_000, costs: 100, costCharacters: 500, plans: 500 };

/** As GraphQL has names. */
const NAME = /^[_A-Za-z][_0-9A-Za-z]*$/;

type Variables = Record<string, unknown>;

/** A query with its variables, ready to be run. */
export interface ReadyQuery {
  cost: OperationCost;
  /** What it looks at, whoever asks. */
  wanted: WantedColumns;
  /** Answers the data. Fails with whatever the ordinary executor has to see to. */
  run: (context: unknown) => Soon<object>;
}

interface Planned {
  run: QueryPlan;
  wanted: WantedColumns;
}

/** A query that was read and found valid. Null where the ordinary executor has to see to these variables. */
export type KnownQuery = (variables: Variables) => ReadyQuery | null;

/** Keeps the queries that were asked for last. All that is kept follows from the text alone, so it is never out of date. */
export function createKnownQueries(
  schema: GraphQLSchema,
  limits: { tokens: number },
  rules: readonly ValidationRule[],
) {
  const known = createRecent<KnownQuery | null>(MOST.charactersOfAll);
  const plans = createRecent<Planned | null>(MOST.plans);
  let learned = 0;

  function learn(text: string, operationName: string | null): KnownQuery | null {
    try {
      // Nobody is told of places here, and the words of a document take more than all else that is made of it.
      const document = parse(text, { maxTokens: limits.tokens, noLocation: true });
      const operation = getOperationAST(document, operationName);
      if (operation?.operation !== OperationTypeNode.QUERY) return null;
      if (validate(schema, document, [...specifiedRules, ...rules]).length > 0) return null;
      return knownQuery(schema, document, operation, plansOf(++learned));
    } catch (error) {
      // The parser calls itself for what stands inside each other, as deep as the document goes.
      if (error instanceof GraphQLError || error instanceof RangeError) return null;
      throw error;
    }
  }

  /** The plans of one query, among those of all. */
  const plansOf = (query: number): Recent<Planned | null> => ({
    get: (settings) => plans.get(`${query} ${settings}`),
    set: (settings, plan) => plans.set(`${query} ${settings}`, plan),
  });

  /** Null for what the ordinary server has to see to, be it wrong or only unusual. */
  return (text: string, operationName: string | null): KnownQuery | null => {
    if (text.length > MOST.characters || !NAME.test(operationName ?? '_')) return null;
    // A name has no line of its own in it, so that nothing else has this key.
    const key = `${operationName ?? ''}\n${text}`;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const query = learn(text, operationName);
    known.set(key, query, key.length);
    return query;
  };
}
export type KnownQueries = ReturnType<typeof createKnownQueries>;

function knownQuery(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  plans: Recent<Planned | null>,
): KnownQuery {
  const fragments = new Map(
    document.definitions
      .filter(
        (definition): definition is FragmentDefinitionNode => definition.kind === Kind.FRAGMENT_DEFINITION,
      )
      .map((fragment) => [fragment.name.value, fragment]),
  );
  const conditions = conditionsOf(document);
  const costs = createRecent<OperationCost | null>(MOST.costs);

  function costWith(variables: Variables): OperationCost | null {
    const key = weightOf(variables);
    const kept = costs.get(key);
    if (kept !== undefined) return kept;
    const { name } = operation;
    const cost = costOf({ schema, document, operationName: name?.value, variableValues: variables });
    if (key.length <= MOST.costCharacters) costs.set(key, cost);
    return cost;
  }

  /** Null where an argument goes without a value that it needs. */
  function costOrNull(variables: Variables): OperationCost | null {
    try {
      return costWith(variables);
    } catch (error) {
      if (error instanceof GraphQLError) return null;
      throw error;
    }
  }

  function planWith(variables: Variables): Planned | null {
    const key = conditions.map((name) => variables[name]).join();
    const kept = plans.get(key);
    if (kept !== undefined) return kept;
    const run = planOrNull({ schema, fragments, variables }, operation);
    const plan = run && { run, wanted: { known: null, columns: new Set<string>() } };
    plans.set(key, plan);
    return plan;
  }

  return (given) => {
    const { coerced } = getVariableValues(schema, operation.variableDefinitions ?? [], given);
    if (!coerced) return null;
    const cost = costOrNull(given);
    const plan = cost && planWith(coerced);
    return plan && { cost, wanted: plan.wanted, run: plan.run(coerced) };
  };
}

function planOrNull(...query: Parameters<typeof planQuery>): QueryPlan | null {
  try {
    return planQuery(...query);
  } catch (error) {
    if (error instanceof NotStraight || error instanceof GraphQLError) return null;
    throw error;
  }
}

/** The variables that decide which fields there are. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}

/** What a cost can follow from: numbers, lengths and whether something is there, but never what a text says. */
const weightOf = (variables: Variables): string =>
  JSON.stringify(variables, (_, value) => (typeof value === 'string' ? '' : value));
