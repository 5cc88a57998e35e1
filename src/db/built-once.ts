import { type Column, getTableColumns, Param, type SQL, sql, type Table } from 'drizzle-orm';
import type { SQLiteTable } from 'drizzle-orm/sqlite-core';
import type { Queries, Statement } from './database.ts';
import type { Tables } from './tables.ts';

interface Built {
  execute(values: object): { sync(): unknown } & PromiseLike<unknown>;
}

/** As drizzle's builders are; Postgres would keep a query under a name that is not empty. */
interface Preparable {
  prepare(name: string): Built;
}

/**
 * A query with places for its values, built once for a connection: on the busiest paths that takes longer than running it.
 */
export function prepared<T, Values extends object = Record<string, unknown>>(
  build: (queries: Queries, t: Tables) => Statement<T>,
): (queries: Queries, t: Tables, values: Values) => Statement<T> {
  const kept = new WeakMap<Queries, Built>();
  return (queries, t, values) => {
    const query = kept.get(queries) ?? (build(queries, t) as unknown as Preparable).prepare('');
    kept.set(queries, query);
    const execute = () => query.execute(values);
    const statement = {
      prepare: () => ({ execute }),
      // biome-ignore lint/suspicious/noThenProperty: like drizzle's own queries, it runs when it is waited for
      then: (...then: Parameters<Promise<unknown>['then']>) => Promise.resolve(execute()).then(...then),
    };
    return statement as unknown as Statement<T>;
  };
}

/** Inserts a row of a table, in which null stands for what is left out. @param given columns that the database fills in */
export function inserting<Name extends keyof Tables>(name: Name, ...given: string[]) {
  type Row = Tables[Name]['$inferInsert'];
  const insert = prepared<unknown, Row>((tx, t) => {
    const table: SQLiteTable = t[name];
    return tx.insert(table).values(placesOf(table, ...given));
  });
  let nothing: object | null = null;
  return (tx: Queries, t: Tables, row: Row) => {
    nothing ??= Object.fromEntries(Object.keys(getTableColumns(t[name])).map((column) => [column, null]));
    return insert(tx, t, { ...nothing, ...row });
  };
}

/** The place of a text or a number in a condition: it goes to the database as it is. */
export const place = (name: string) => sql.placeholder(name);

/** Places for a whole row, named like its columns, but for `given`: those that the database fills in. */
export function placesOf<T extends Table>(table: T, ...given: string[]): T['$inferInsert'] {
  const columns = Object.entries(getTableColumns(table)).filter(([name]) => !given.includes(name));
  return Object.fromEntries(columns.map(([name, column]) => [name, placeOf(name, column)]));
}

/** The place of any value of a column, also null: drizzle would ask the column to encode that, too. */
export const placeOf = (name: string, column: Column): SQL => {
  const mapToDriverValue = (value: unknown) => (value == null ? null : column.mapToDriverValue(value));
  return sql`${new Param(place(name), { mapToDriverValue })}`;
};
