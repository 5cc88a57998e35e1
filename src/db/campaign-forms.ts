import { eq } from 'drizzle-orm';
import { createRecent } from '../recent.ts';
import { type Soon, withIt } from '../soon.ts';
import { placeOf } from './built-once.ts';
import { type CampaignQuery, createCampaignConditions, valuesOf } from './campaign-conditions.ts';
import type { Database } from './database.ts';
import type { Preparable, Prepared } from './prepared.ts';

/** How many statements are kept: few of all the filters that could be combined ever are. */
const MOST_STATEMENTS = 60;

/** How many campaigns are looked for one by one. Keys and message ids are those of one account, so hardly ever has one more. */
const MOST_IDS = 20;

type Condition = keyof CampaignQuery;

/** How a query is asked of the database. */
export interface CampaignForm {
  /** The conditions that it has. */
  names: Condition[];
  /** The list whose values are looked for one by one, as `lead0` and so on. */
  lead: { name: LeadName; count: number } | null;
  values: Record<string, unknown>;
}

export type LeadName = 'id' | 'copyrightStates' | 'statuses' | 'messageTypes';

/** What there is to be known before a page of campaigns is asked for. */
export function createCampaignForms(database: Database) {
  const { read, prepare, tables } = database;
  const { campaigns, jobs } = tables;
  const { copyrightStates, status: statuses, messageType: messageTypes, id } = campaigns;
  const leads = { copyrightStates, statuses, messageTypes, id };
  const naming = {
    idempotencyKey: { table: campaigns, id, column: campaigns.idempotencyKey },
    msgId: { table: jobs, id: jobs.campaignId, column: jobs.msgId },
    msgDataId: { table: jobs, id: jobs.campaignId, column: jobs.msgDataId },
  };
  type NamingCondition = keyof typeof naming;
  const conditions = createCampaignConditions(database);
  const statements = createRecent<Prepared<unknown>>(MOST_STATEMENTS);

  /** The statement for all queries of one form. */
  const statement = <Row>(form: string, preparable: () => Preparable<Row>) =>
    (statements.get(form) ?? statements.set(form, prepare(preparable()))) as Prepared<Row>;

  /** Those that there are at all: for each of the others, an index of something else would be gone through to its end. */
  function presentAmong(sets: readonly string[]): Soon<string[]> {
    const find = statement<{ set: string }>(`sets ${sets.length}`, () => ({
      columns: { set: copyrightStates },
      build: (columns) =>
        sets
          .map((_, at) => {
            const isSet = eq(copyrightStates, placeOf(`set${at}`, copyrightStates));
            const one = read.select(columns).from(campaigns).where(isSet).limit(1).as(`set${at}`);
            return read.select({ set: one.set! }).from(one).$dynamic();
          })
          .reduce((some, one) => some.unionAll(one)),
    }));
    const found = find(Object.fromEntries(sets.map((set, at) => [`set${at}`, set])));
    return withIt(found, (rows) => rows.map(({ set }) => set));
  }

  /** The few that a name says. Asked for together with anything else, an index of that would be gone through to its end. */
  function campaignsWith(name: NamingCondition, value: unknown): Soon<string[]> {
    const { table, id, column } = naming[name];
    const find = statement<{ id: string }>(`ids ${name}`, () => ({
      columns: { id },
      build: (columns) =>
        read
          .selectDistinct(columns)
          .from(table)
          .where(eq(column, placeOf(name, column)))
          .limit(MOST_IDS + 1),
    }));
    return withIt(find({ [name]: value }), (rows) => rows.map((row) => row.id));
  }

  /** Null where nothing can be found. */
  function formOf(query: CampaignQuery): Soon<CampaignForm | null> {
    const values = valuesOf(query);
    const names = (Object.keys(conditions) as Condition[]).filter(
      (name) => name !== 'createdFrom' && name !== 'createdTo' && query[name] != null,
    );

    const ledBy = (name: LeadName, list: readonly string[]): CampaignForm | null => {
      if (list.length === 0) return null;
      const led = Object.fromEntries(list.map((value, at) => [`lead${at}`, value]));
      return { names, lead: { name, count: list.length }, values: { ...values, ...led } };
    };

    const listOf = (name: Condition) =>
      name in leads ? new Set(values[name] as string[]) : new Set<string>();
    if (names.some((name) => name in leads && listOf(name).size === 0)) return null;
    const named = names.find((name): name is NamingCondition => name in naming);
    if (named) {
      const found = campaignsWith(named, values[named]);
      return withIt(found, (ids) =>
        ids.length > MOST_IDS ? { names, lead: null, values } : ledBy('id', ids),
      );
    }
    const at = names.findIndex((name) => listOf(name).size > 0);
    if (at < 0) return { names, lead: null, values };
    const [name] = names.splice(at, 1) as ['copyrightStates' | 'statuses' | 'messageTypes'];
    const list = [...listOf(name)];
    return withIt(name === 'copyrightStates' ? presentAmong(list) : list, (present) => ledBy(name, present));
  }

  return { formOf, statement, conditions, leads };
}
