import * as sqlite from 'drizzle-orm/sqlite-core';

/** `YYYY-MM-DD HH:MM:SS.SSS` in UTC: what BI readers of SQLite parse, and what sorts as it should. */
const sqliteDateTime = sqlite.customType<{ data: Date; driverData: string }>({
  dataType: () => 'DATETIME',
  toDriver: (date) => date.toISOString().replace('T', ' ').slice(0, 23),
  fromDriver: dateOf,
});

/** Digit by digit: pages hold dozens of them, and `Date` looks for every form that there is. */
function dateOf(text: string): Date {
  const two = (at: number) => text.charCodeAt(at) * 10 + text.charCodeAt(at + 1) - 528;
  const milliseconds = two(20) * 10 + text.charCodeAt(22) - 48;
  // The first century is taken for the twentieth otherwise.
  if (text.startsWith('00')) return new Date(`${text.replace(' ', 'T')}Z`);
  return new Date(
    Date.UTC(two(0) * 100 + two(2), two(5) - 1, two(8), two(11), two(14), two(17), milliseconds),
  );
}

const sqliteDate = sqlite.customType<{ data: string; driverData: string }>({ dataType: () => 'DATE' });

/** The few column makers that every table is described with. */
export const sqliteKit = {
  table: sqlite.sqliteTable,
  index: sqlite.index,
  uniqueIndex: sqlite.uniqueIndex,
  primaryKey: sqlite.primaryKey,
  text: <T extends string = string>() => sqlite.text().$type<T>(),
  integer: () => sqlite.integer(),
  real: () => sqlite.real(),
  boolean: () => sqlite.integer({ mode: 'boolean' }),
  /** `YYYY-MM-DD`, a day without a place. */
  date: () => sqliteDate(),
  dateTime: () => sqliteDateTime(),
  json: <T>() => sqlite.text({ mode: 'json' }).$type<T>(),
  /** A key that grows with every row and is never given twice, also after the last row was deleted. */
  growingKey: () => sqlite.integer().primaryKey({ autoIncrement: true }),
};
export type Kit = typeof sqliteKit;
