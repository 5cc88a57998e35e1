import { and, eq, isNotNull } from 'drizzle-orm';
import { SendStatus } from '../campaigns/status.ts';
import { place, prepared } from './built-once.ts';
import { type Queries, run, type Step } from './database.ts';
import type { Tables } from './tables.ts';

/** Whether WeChat's answer to a call of an account is still to come, at once or to a repetition. To a gateway that is held none comes. */
export function* isAnswerToCome(tx: Queries, t: Tables, appId: string): Step<boolean> {
  const [job] = yield* run(jobUnderWay(tx, t, { appId }));
  const [open] = job ? [job] : yield* run(jobAskedAgain(tx, t, { appId }));
  return open !== undefined && (yield* run(heldGateway(tx, t, {}))).length === 0;
}

const heldGateway = prepared((queries, t) =>
  queries.select({ id: t.instance.id }).from(t.instance).where(isNotNull(t.instance.heldSince)),
);

const jobUnderWay = prepared((queries, t) =>
  queries
    .select({ id: t.jobs.id })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), isNotNull(t.jobs.leaseUntil)))
    .limit(1),
);

const jobAskedAgain = prepared((queries, t) =>
  queries
    .select({ id: t.jobs.id })
    .from(t.jobs)
    .where(
      and(
        eq(t.jobs.appId, place('appId')),
        eq(t.jobs.status, SendStatus.UNKNOWN),
        isNotNull(t.jobs.nextAttemptAt),
      ),
    )
    .limit(1),
);
