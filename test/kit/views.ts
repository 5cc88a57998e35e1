import { biViews } from '../../src/db/bi-views.ts';
import { runSql } from './sql.ts';

type Cell = string | number | boolean | null;

/** The rows of a view by its first column, or by others; the same from either database: times as SQLite has them, booleans as Postgres. */
export async function readView(url: string, name: string, orderBy = '1'): Promise<Record<string, Cell>[]> {
  const view = biViews.find((candidate) => candidate.name === name);
  if (!view) throw new Error(`there is no view ${name}`);
  const rows = await runSql(url, `select * from ${name} order by ${orderBy}`);
  return rows.map((row) =>
    Object.fromEntries(view.columns.map((column) => [column.name, cell(row[column.name], column.kind)])),
  );
}

function cell(value: unknown, kind: string): Cell {
  if (value === null) return null;
  if (kind === 'INTEGER') return Number(value);
  if (kind === 'BOOLEAN') return Boolean(value);
  // The Postgres client makes a date the midnight of wherever it runs.
  if (kind === 'DATE' && value instanceof Date) return value.toLocaleDateString('sv-SE');
  return value instanceof Date ? value.toISOString().replace('T', ' ').slice(0, 23) : (value as string);
}
