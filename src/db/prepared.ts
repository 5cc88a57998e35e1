import { Column, getTableName, is, type SQL } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { createRecent } from '../recent.ts';
import type { Soon } from '../soon.ts';

/** A query whose statement was made once; its values come by name. */
export type Prepared<Row> = (values: Record<string, unknown>, wanted?: WantedColumns | null) => Soon<Row[]>;

/** By their names in a row. */
export type Columns = Record<string, SQLiteColumn | SQL>;

/** A query for such of its columns as are wanted. */
export interface Preparable<Row> {
  columns: { [Name in keyof Row]: SQLiteColumn | SQL };
  build(columns: Columns): PromiseLike<unknown[]>;
}

/** The columns that an operation looks at. Until it is known, all are read, and what is looked at is noted here. */
export interface WantedColumns {
  /** Names this set among others. Null, or empty, until something was looked at. */
  known: string | null;
  /** `<table>.<column>` */
  columns: Set<string>;
}

/** A row is asked for what was not read: what an operation looks at has to be learned anew. */
export class UnreadColumnError extends Error {
  override name = 'UnreadColumnError' as const;
}

/** How many statements are kept of one query: few of all the sets of columns are ever asked for. */
const MOST_STATEMENTS = 20;

/** Makes, and keeps, a statement for each set of columns that is wanted. */
export function preparedByColumns<Row>(
  { columns, build }: Preparable<Row>,
  /** Makes one that answers rows as lists. */
  prepare: (query: PromiseLike<unknown[]>) => (values: object) => unknown[][],
): Prepared<Row> {
  const statements = createRecent<Prepared<Row>>(MOST_STATEMENTS);
  const all: Columns = columns;

  function prepareFor(wanted: WantedColumns | null | undefined): Prepared<Row> {
    if (!wanted?.known) {
      const find = prepare(build(all));
      const noting = notingReader<Row>(all);
      const read = rowReader<Row>(all, all);
      return (values, seen) => find(values).map(seen ? (row) => noting(row, seen) : read);
    }
    const some = Object.entries(all).filter(([name, column]) => wanted.columns.has(columnName(name, column)));
    // Where nothing of a row is looked at, it is still counted.
    const found = Object.fromEntries(some.length > 0 ? some : Object.entries(all).slice(0, 1));
    const find = prepare(build(found));
    const read = rowReader<Row>(found, all);
    return (values) => find(values).map(read);
  }

  return (values, wanted) => {
    const key = wanted?.known ?? '';
    const statement = statements.get(key) ?? statements.set(key, prepareFor(wanted));
    return statement(values, wanted);
  };
}

const columnName = (name: string, column: SQLiteColumn | SQL): string =>
  is(column, Column) ? `${getTableName(column.table)}.${name}` : name;

/**
 * Makes objects of rows that the driver answers as lists. Written out as code for these columns, which takes a tenth of the time of
 * going through them by name; the names are those of our own tables.
 */
export function rowReader<Row>(read: Columns, all: Columns): (row: unknown[]) => Row {
  const columns = Object.values(read);
  const places = Object.keys(read).map((name, at) => {
    const value = isAsStored(columns[at])
      ? `row[${at}]`
      : `row[${at}] === null ? null : columns[${at}].mapFromDriverValue(row[${at}])`;
    return `this[${JSON.stringify(name)}] = ${value};`;
  });
  const Row = new Function('columns', `return function Row(row) { ${places.join(' ')} }`)(columns);
  for (const [name, column] of Object.entries(all)) {
    if (name in read) continue;
    const get = () => {
      throw new UnreadColumnError(`${columnName(name, column)} was not read`);
    };
    Object.defineProperty(Row.prototype, name, { get });
  }
  return (row) => new Row(row);
}

/** Rows that note what of them is looked at. */
function notingReader<Row>(all: Columns): (row: unknown[], seen: WantedColumns) => Row {
  class Noting {
    readonly #row: unknown[];
    readonly #seen: WantedColumns;
    constructor(row: unknown[], seen: WantedColumns) {
      this.#row = row;
      this.#seen = seen;
    }

    static at(place: number, name: string, column: Columns[string]) {
      const get = function (this: Noting) {
        this.#seen.columns.add(columnName(name, column));
        const value = this.#row[place];
        return value === null || isAsStored(column) ? value : (column as Column).mapFromDriverValue(value);
      };
      Object.defineProperty(Noting.prototype, name, { get });
    }
  }
  for (const [place, [name, column]] of Object.entries(all).entries()) Noting.at(place, name, column);
  return (row, seen) => new Noting(row, seen) as Row;
}

/** What is reckoned is answered as it should be by SQLite itself. */
const isAsStored = (column: unknown): boolean =>
  !is(column, Column) || column.mapFromDriverValue === Column.prototype.mapFromDriverValue;
