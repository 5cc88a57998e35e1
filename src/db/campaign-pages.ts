import { and, asc, count, desc, eq, inArray } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import type { Campaign } from '../campaigns/campaign.ts';
import { type Soon, withIt } from '../soon.ts';
import { place, placeOf } from './built-once.ts';
import { type Bounds, type CampaignPosition, narrowed } from './campaign-bounds.ts';
import { type CampaignQuery, campaignColumns, valuesOf } from './campaign-conditions.ts';
import { type CampaignForm, createCampaignForms } from './campaign-forms.ts';
import type { Database } from './database.ts';
import { isShown } from './hidden-accounts.ts';
import { compare } from './keyset.ts';
import type { Columns, Preparable, WantedColumns } from './prepared.ts';

export interface CampaignPage {
  limit: number;
  /** Newest first from the front, or from the far end towards newer ones. */
  from: 'newest' | 'oldest';
  olderThan: CampaignPosition | null;
  newerThan: CampaignPosition | null;
}

/** Reads pages of campaigns, in the order of time. Those of the accounts `hidden` are as if they were not there. */
export function createCampaignPages(database: Database, hidden: readonly string[]) {
  const { read, tables } = database;
  const { campaigns } = tables;
  const position = [campaigns.createdAt, campaigns.id] as const;
  const bound = (name: string) => [place(`${name}At`), place(`${name}Id`)] as const;

  const { formOf, statement, conditions, leads } = createCampaignForms(database);
  const shown = isShown(campaigns.appId, hidden);

  function pageOf(
    columns: Columns,
    {
      names,
      lead,
      upper,
      lower,
      from,
    }: Pick<CampaignForm, 'names' | 'lead'> & Bounds & Pick<CampaignPage, 'from'>,
  ) {
    const direction = from === 'newest' ? desc : asc;
    const order = [direction(campaigns.createdAt), direction(campaigns.id)];
    const between = and(
      upper && compare(position, upper.inclusive ? '<=' : '<', bound('upper')),
      lower && compare(position, lower.inclusive ? '>=' : '>', bound('lower')),
    );
    const all = and(shown, ...names.map((name) => conditions[name]), between);

    /** An index has the campaigns of one value in order, but not those of several: the first of each are found, and then put in order. */
    const ofEach = (column: SQLiteColumn, count: number) => {
      const parts = Array.from({ length: count }, (_, at) => {
        const part = read
          .select({ id: campaigns.id })
          .from(campaigns)
          .where(and(all, eq(column, placeOf(`lead${at}`, column))))
          .orderBy(...order)
          .limit(place('limit'))
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
      .limit(place('limit'));
  }

  /** Finds the first campaigns of an order. */
  const find = <Row>(
    query: CampaignQuery,
    columns: Preparable<Row>['columns'],
    { from, limit, ...between }: Pick<CampaignPage, 'from' | 'limit'> & Bounds,
    wanted?: WantedColumns | null,
  ): Soon<Row[]> =>
    withIt(formOf(query), (formed) => {
      if (!formed) return [];
      const { names, lead, values } = formed;
      const { upper, lower } = narrowed(query, between);
      const bounds = [upper?.inclusive, lower?.inclusive].join();
      const form = [Object.keys(columns).length, from, bounds, names.join(), lead?.name, lead?.count].join(
        ' ',
      );
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
    });

  return {
    page: (
      query: CampaignQuery,
      { limit, from, olderThan, newerThan }: CampaignPage,
      wanted?: WantedColumns | null,
    ): Soon<Campaign[]> =>
      find<Campaign>(
        query,
        campaignColumns(campaigns),
        {
          from,
          limit,
          upper: olderThan ? { ...olderThan, inclusive: false } : undefined,
          lower: newerThan ? { ...newerThan, inclusive: false } : undefined,
        },
        wanted,
      ),

    /** Whether any lies at a position or beyond it, on the side of the newer or of the older ones. */
    liesBeyond(query: CampaignQuery, place: CampaignPosition, side: 'newer' | 'older'): Soon<boolean> {
      const bound = { ...place, inclusive: true };
      const beyond =
        side === 'newer'
          ? ({ from: 'oldest', lower: bound } as const)
          : ({ from: 'newest', upper: bound } as const);
      const found = find(query, { id: campaigns.id }, { ...beyond, limit: 1 });
      return withIt(found, (rows) => rows.length > 0);
    },

    async count(query: CampaignQuery): Promise<number> {
      const names = (Object.keys(query) as (keyof CampaignQuery)[]).filter((name) => query[name] != null);
      const find = statement<{ total: number }>(`count ${names.join()}`, () => ({
        columns: { total: count() },
        build: (columns) =>
          read
            .select(columns)
            .from(campaigns)
            .where(and(shown, ...names.map((name) => conditions[name]))),
      }));
      const [row] = await find(valuesOf(query));
      return row?.total ?? 0;
    },
  };
}
