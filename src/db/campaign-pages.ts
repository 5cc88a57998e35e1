import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Campaign } from '../campaigns/campaign.ts';
import { type Bounds, type CampaignPosition, narrowed } from './campaign-bounds.ts';
import {
  type CampaignQuery,
  campaignColumns,
  createCampaignConditions,
  valuesOf,
} from './campaign-conditions.ts';
import type { Database } from './database.ts';
import { after, atOrAfter, atOrBefore, before } from './keyset.ts';
import { type Columns, given, type Preparable, type Prepared, type WantedColumns } from './prepared.ts';

export interface CampaignPage {
  limit: number;
  /** Newest first from the front, or from the far end towards newer ones. */
  from: 'newest' | 'oldest';
  olderThan: CampaignPosition | null;
  newerThan: CampaignPosition | null;
}

/** How many statements are kept: few of all the filters that could be combined ever are. */
const MOST_STATEMENTS = 60;

/** Reads pages of campaigns, in the order of time. Those of the accounts `hidden` are as if they were not there. */
export function createCampaignPages(database: Database, hidden: readonly string[]) {
  const { read, prepare, tables } = database;
  const { campaigns } = tables;
  const position = [campaigns.createdAt, campaigns.id] as const;
  const placeOf = (name: string) => [sql.placeholder(`${name}At`), sql.placeholder(`${name}Id`)] as const;

  const { conditions, isShown } = createCampaignConditions(database, hidden);
  type Condition = keyof typeof conditions;

  const statements = new Map<string, Prepared<unknown>>();

  /** The statement for all queries of one form. */
  function statement<Row>(form: string, preparable: () => Preparable<Row>): Prepared<Row> {
    let known = statements.get(form) as Prepared<Row> | undefined;
    if (!known) {
      known = prepare(preparable());
      const [oldest] = statements.keys();
      if (statements.size >= MOST_STATEMENTS && oldest !== undefined) statements.delete(oldest);
      statements.set(form, known);
    }
    return known;
  }

  type Form = NonNullable<Awaited<ReturnType<typeof formOf>>>;

  function pageOf(
    columns: Columns,
    { names, lead, upper, lower, from }: Pick<Form, 'names' | 'lead'> & Bounds & Pick<CampaignPage, 'from'>,
  ) {
    const direction = from === 'newest' ? desc : asc;
    const order = [direction(campaigns.createdAt), direction(campaigns.id)];
    const place = and(
      upper && (upper.inclusive ? atOrBefore : before)(position, placeOf('upper')),
      lower && (lower.inclusive ? atOrAfter : after)(position, placeOf('lower')),
    );
    const all = and(isShown, ...names.map((name) => conditions[name]), place);

    /** An index has the campaigns of one value in order, but not those of several: the first of each are found, and then put in order. */
    const ofEach = (column: SQLiteColumn, count: number) => {
      const parts = Array.from({ length: count }, (_, at) => {
        const part = read
          .select({ id: campaigns.id })
          .from(campaigns)
          .where(and(all, eq(column, given(`lead${at}`, column))))
          .orderBy(...order)
          .limit(sql.placeholder('limit'))
          .as(`part${at}`);
        return read.select({ id: part.id }).from(part).$dynamic();
      });
      return parts.reduce((some, part) => some.unionAll(part));
    };

    return read
      .select(columns)
      .from(campaigns)
      .where(lead ? inArray(campaigns.id, ofEach(leads[lead.name], lead.count)) : all)
      .orderBy(...order)
      .limit(sql.placeholder('limit'));
  }

  /** Finds the first campaigns of an order. */
  async function find<Row>(
    query: CampaignQuery,
    columns: Preparable<Row>['columns'],
    { from, limit, ...between }: Pick<CampaignPage, 'from' | 'limit'> & Bounds,
    wanted?: WantedColumns | null,
  ): Promise<Row[]> {
    const formed = await formOf(query);
    if (!formed) return [];
    const { names, lead, values } = formed;
    const { upper, lower } = narrowed(query, between);
    const bounds = [upper?.inclusive, lower?.inclusive].join();
    const form = [Object.keys(columns).length, from, bounds, names.join(), lead?.name, lead?.count].join(' ');
    const run = statement<Row>(form, () => ({
      columns,
      build: (some) => pageOf(some, { names, lead, upper, lower, from }),
    }));
    const places = {
      upperAt: upper?.createdAt,
      upperId: upper?.id,
      lowerAt: lower?.createdAt,
      lowerId: lower?.id,
    };
    return run({ ...values, ...places, limit }, wanted);
  }

  const { copyrightStates, status: statuses, messageType: messageTypes } = campaigns;
  const leads = { copyrightStates, statuses, messageTypes };

  /** Those that there are at all: for each of the others, an index of something else would be gone through to its end. */
  async function presentAmong(sets: readonly string[]): Promise<string[]> {
    const find = statement<{ set: string }>(`sets ${sets.length}`, () => ({
      columns: { set: copyrightStates },
      build: (columns) =>
        sets
          .map((_, at) => {
            const isSet = eq(copyrightStates, given(`set${at}`, copyrightStates));
            const one = read.select(columns).from(campaigns).where(isSet).limit(1).as(`set${at}`);
            return read.select({ set: one.set! }).from(one).$dynamic();
          })
          .reduce((some, one) => some.unionAll(one)),
    }));
    const found = await find(Object.fromEntries(sets.map((set, at) => [`set${at}`, set])));
    return found.map(({ set }) => set);
  }

  /** Which conditions there are, and the list whose values are looked for one by one. Null where nothing can be found. */
  async function formOf(query: CampaignQuery) {
    const values = valuesOf(query);
    const names: Condition[] = [];
    let lead: { name: keyof typeof leads; count: number } | null = null;
    for (const name of Object.keys(conditions) as Condition[]) {
      if (name === 'createdFrom' || name === 'createdTo' || query[name] == null) continue;
      let list: string[] = name in leads && lead === null ? [...new Set(values[name] as string[])] : [];
      if (name === 'copyrightStates' && list.length > 0) {
        list = await presentAmong(list);
        if (list.length === 0) return null;
      }
      if (list.length === 0) names.push(name);
      else {
        lead = { name: name as keyof typeof leads, count: list.length };
        for (const [at, value] of list.entries()) values[`lead${at}`] = value;
      }
    }
    return { names, lead, values };
  }

  return {
    page: (
      query: CampaignQuery,
      { limit, from, olderThan, newerThan }: CampaignPage,
      wanted?: WantedColumns | null,
    ): Promise<Campaign[]> =>
      find<Campaign>(
        query,
        campaignColumns(campaigns),
        {
          from,
          limit,
          ...(olderThan ? { upper: { ...olderThan, inclusive: false } } : {}),
          ...(newerThan ? { lower: { ...newerThan, inclusive: false } } : {}),
        },
        wanted,
      ),

    /** Whether any lies at a position or beyond it, on the side of the newer or of the older ones. */
    async liesBeyond(
      query: CampaignQuery,
      place: CampaignPosition,
      side: 'newer' | 'older',
    ): Promise<boolean> {
      const bound = { ...place, inclusive: true };
      const beyond =
        side === 'newer'
          ? ({ from: 'oldest', lower: bound } as const)
          : ({ from: 'newest', upper: bound } as const);
      return (await find(query, { id: campaigns.id }, { ...beyond, limit: 1 })).length > 0;
    },

    async count(query: CampaignQuery): Promise<number> {
      const names = (Object.keys(query) as (keyof CampaignQuery)[]).filter((name) => query[name] != null);
      const find = statement<{ total: number }>(`count ${names.join()}`, () => ({
        columns: { total: count() },
        build: (columns) =>
          read
            .select(columns)
            .from(campaigns)
            .where(and(isShown, ...names.map((name) => conditions[name]))),
      }));
      const [row] = await find(valuesOf(query));
      return row?.total ?? 0;
    },
  };
}
