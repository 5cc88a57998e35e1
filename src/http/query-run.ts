import type { GraphQLField, GraphQLResolveInfo } from 'graphql';

/** The ordinary executor has to see to it: an error, a null where none may be, a value of a kind that is not known here. */
export class NotStraight extends Error {
  override name = 'NotStraight' as const;
}

export type Variables = Record<string, unknown>;

/** An object of the answer, or a list by its indexes. */
export type Answer = Record<string | number, unknown>;

/** One execution. */
interface Run {
  context: unknown;
  variables: Variables;
  /** Of the fields that have some, once they were asked for: they are the same for all objects. */
  args: Map<PlannedField, object>;
  /** How many values are waited for. */
  pending: number;
  done(): void;
  fail(error: unknown): void;
}

/** Puts what becomes of a value into its place in the answer. */
export type Complete = (run: Run, value: unknown, into: Answer, key: string | number) => void;

export interface PlannedField {
  key: string;
  name: string;
  /** Null: it has none to be given. */
  argsOf: ((variables: Variables) => object) | null;
  resolve: GraphQLField<unknown, unknown>['resolve'] | null;
  info: GraphQLResolveInfo;
  complete: Complete;
}

/** Answers the data of a query. Fails with whatever the ordinary executor has to see to. */
export const runFields = (
  fields: readonly PlannedField[],
  context: unknown,
  variables: Variables,
): Promise<object> =>
  new Promise((resolve, reject) => {
    const data: Answer = {};
    const done = () => resolve(data);
    const run: Run = { context, variables, args: new Map(), pending: 1, done, fail: reject };
    putFields(run, fields, undefined, data);
    settle(run);
  });

export function there<T>(value: T): NonNullable<T> {
  if (value === null || value === undefined || value instanceof Error) throw new NotStraight();
  return value;
}

export function putFields(run: Run, fields: readonly PlannedField[], source: unknown, into: Answer): void {
  for (const field of fields) {
    const { key, name, resolve, info } = field;
    const args = argsOf(run, field);
    // Keys stand in the order in which they were asked for, whatever is there first.
    into[key] = null;
    if (resolve) put(run, resolve(source, args, run.context, info), field.complete, into, key);
    else {
      const value = (source as Answer)[name];
      if (typeof value === 'function') throw new NotStraight();
      put(run, value, field.complete, into, key);
    }
  }
}

function argsOf(run: Run, field: PlannedField): object {
  if (!field.argsOf) return {};
  let args = run.args.get(field);
  if (!args) {
    args = field.argsOf(run.variables);
    run.args.set(field, args);
  }
  return args;
}

export function put(run: Run, value: unknown, complete: Complete, into: Answer, key: string | number): void {
  if (!isPromise(value)) {
    complete(run, value, into, key);
    return;
  }
  run.pending += 1;
  value.then((come) => {
    try {
      complete(run, come, into, key);
      settle(run);
    } catch (error) {
      run.fail(error);
    }
  }, run.fail);
}

const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';

function settle(run: Run): void {
  run.pending -= 1;
  if (run.pending === 0) run.done();
}
