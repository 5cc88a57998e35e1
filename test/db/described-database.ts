import { runSql } from '../kit/sql.ts';

/** A database in words that do not depend on its dialect. Each list is sorted. */
export interface DescribedDatabase {
  tables: string[];
  /** `table.column kind`, and `not null` or `null`. */
  columns: string[];
  /** `table.column`: those that the database computes. */
  generatedColumns: string[];
  /** `table (column, …)`. */
  primaryKeys: string[];
  /** Keys that are given by the database and never twice. */
  growingKeys: string[];
  /** `name on table (column, …)`. */
  indexes: string[];
  uniqueIndexes: string[];
  /** `table (column) -> table (column)`, with what happens on update and delete. */
  foreignKeys: string[];
}

const sorted = (lines: string[]) => lines.toSorted();

const kinds: Record<string, string> = {
  // What SQLite has no kind of its own for: whole numbers stand for booleans, text for JSON.
  integer: 'integer or boolean',
  bigint: 'integer or boolean',
  boolean: 'integer or boolean',
  text: 'text or json',
  jsonb: 'text or json',
  real: 'number',
  'double precision': 'number',
  date: 'date',
  datetime: 'time in milliseconds',
  'timestamp(3) with time zone': 'time in milliseconds',
};

function columnLine(table: string, column: string, type: string, isNotNull: boolean): string {
  return `${table}.${column} ${kinds[type.toLowerCase()] ?? `of the unknown kind ${type}`} ${isNotNull ? 'not null' : 'null'}`;
}

export async function describeSqlite(url: string): Promise<DescribedDatabase> {
  const tables = await runSql(
    url,
    `select name, sql from sqlite_master where type = 'table' and name not like 'sqlite%' and name not like '\\_\\_%' escape '\\'`,
  );
  const described = await Promise.all(
    tables.map(async ({ name: table, sql }) => {
      // Unlike table_info, this one gives generated columns too.
      const columns = await runSql(url, `pragma table_xinfo("${table}")`);
      const key = columns.filter(({ pk }) => pk > 0).sort((one, other) => one.pk - other.pk);
      const indexes = await runSql(
        url,
        `select l.name, l."unique", group_concat(i.name, ', ') as columns
         from pragma_index_list('${table}') l join pragma_index_info(l.name) i where l.origin <> 'pk' group by l.name`,
      );
      const foreignKeys = await runSql(url, `pragma foreign_key_list("${table}")`);
      return {
        columns: columns.map(({ name, type, notnull }) => columnLine(table, name, type, notnull === 1)),
        generatedColumns: columns.filter(({ hidden }) => hidden > 0).map(({ name }) => `${table}.${name}`),
        primaryKeys: [`${table} (${key.map(({ name }) => name).join(', ')})`],
        growingKeys: /autoincrement/i.test(sql) ? [`${table}.${key[0]?.name}`] : [],
        indexes: indexes.map(({ name, columns }) => `${name} on ${table} (${columns})`),
        uniqueIndexes: indexes.filter(({ unique }) => unique === 1).map(({ name }) => name),
        foreignKeys: foreignKeys.map(
          ({ from, table: to, to: key, on_update, on_delete }) =>
            `${table} (${from}) -> ${to} (${key}), ${on_update}, ${on_delete}`,
        ),
      };
    }),
  );
  const all = (what: keyof (typeof described)[number]) => sorted(described.flatMap((table) => table[what]));
  return {
    tables: sorted(tables.map(({ name }) => name)),
    columns: all('columns'),
    generatedColumns: all('generatedColumns'),
    primaryKeys: all('primaryKeys'),
    growingKeys: all('growingKeys'),
    indexes: all('indexes'),
    uniqueIndexes: all('uniqueIndexes'),
    foreignKeys: all('foreignKeys'),
  };
}

const COLUMNS = `
  select c.relname as table, a.attname as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_not_null,
    a.attgenerated <> '' as is_generated, pg_get_expr(d.adbin, d.adrelid) as default
  from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped`;

const INDEXES = `
  select t.relname as table, i.relname as name, x.indisunique as is_unique, x.indisprimary as is_primary,
    (select string_agg(a.attname, ', ' order by k.position)
     from unnest(x.indkey) with ordinality as k(number, position)
     join pg_attribute a on a.attrelid = t.oid and a.attnum = k.number) as columns
  from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
  where t.relnamespace = 'public'::regnamespace`;

const FOREIGN_KEYS = `
  select f.conrelid::regclass::text as table, f.confrelid::regclass::text as to, f.confupdtype as on_update, f.confdeltype as on_delete,
    (select string_agg(attname, ', ') from pg_attribute where attrelid = f.conrelid and attnum = any(f.conkey)) as columns,
    (select string_agg(attname, ', ') from pg_attribute where attrelid = f.confrelid and attnum = any(f.confkey)) as key
  from pg_constraint f where f.contype = 'f'`;

const actions: Record<string, string> = {
  a: 'NO ACTION',
  r: 'RESTRICT',
  c: 'CASCADE',
  n: 'SET NULL',
  d: 'SET DEFAULT',
};

export async function describePostgres(url: string): Promise<DescribedDatabase> {
  const columns = await runSql(url, COLUMNS);
  const indexes = await runSql(url, INDEXES);
  const foreignKeys = await runSql(url, FOREIGN_KEYS);
  const others = indexes.filter(({ is_primary }) => !is_primary);
  return {
    tables: sorted([...new Set(columns.map(({ table }) => table as string))]),
    columns: sorted(
      columns.map(({ table, name, type, is_not_null }) => columnLine(table, name, type, is_not_null)),
    ),
    generatedColumns: sorted(
      columns.filter(({ is_generated }) => is_generated).map(({ table, name }) => `${table}.${name}`),
    ),
    primaryKeys: sorted(
      indexes.filter(({ is_primary }) => is_primary).map(({ table, columns }) => `${table} (${columns})`),
    ),
    growingKeys: sorted(
      columns
        .filter((column) => /^nextval/.test(column.default ?? ''))
        .map(({ table, name }) => `${table}.${name}`),
    ),
    indexes: sorted(others.map(({ name, table, columns }) => `${name} on ${table} (${columns})`)),
    uniqueIndexes: sorted(others.filter(({ is_unique }) => is_unique).map(({ name }) => name)),
    foreignKeys: sorted(
      foreignKeys.map(
        ({ table, columns, to, key, on_update, on_delete }) =>
          `${table} (${columns}) -> ${to} (${key}), ${actions[on_update]}, ${actions[on_delete]}`,
      ),
    ),
  };
}
