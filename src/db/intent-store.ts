import { and, asc, eq } from 'drizzle-orm';
import type { AuditEntry } from '../access/audit-entry.ts';
import type { Intent, KeptIntent, StoredIntent } from '../campaigns/intent.ts';
import { recipientsOf } from '../campaigns/progress.ts';
import { QuotaKind } from '../campaigns/quota.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import { appendAudit } from './audit-store.ts';
import { inserting, place, prepared } from './built-once.ts';
import { type Database, type Queries, run, type Step } from './database.ts';
import { appendEvent } from './job-changes.ts';
import { quotaUse } from './quota-steps.ts';
import type { Tables } from './tables.ts';

export function createIntentStore({ atomically, tables: t, read }: Database) {
  function* unstage(tx: Queries, stage: string): Step<void> {
    const { jobId, endpoint, body } = t.stagedRequests;
    const staged = tx
      .select({ jobId, endpoint, body })
      .from(t.stagedRequests)
      .where(eq(t.stagedRequests.stage, stage));
    yield* run(tx.insert(t.jobRequests).select(staged));
  }

  function* storeOnce(tx: Queries, { campaign, jobs, stage, quotaRules }: Intent): Step<StoredIntent> {
    const { id: campaignId, appId, idempotencyKey, fingerprint, createdAt: at } = campaign;
    const [known] = yield* run(byKey(tx, t, { appId, idempotencyKey }));
    if (known) return sameKey(known, fingerprint);
    const toAll = campaign.audienceKind === 'ALL';
    for (const rule of quotaRules) {
      if (rule.kind !== QuotaKind.SEND_CALLS_PER_DAY && !(toAll && rule.kind === QuotaKind.SENDS_TO_ALL))
        continue;
      const quota = yield* quotaUse(tx, t, appId, rule);
      if (jobs.length > quota.remaining) return { kind: 'quota', quota };
    }
    for (const { clientMsgId } of jobs) {
      const [taken] = yield* run(byClientMsgId(tx, t, { appId, clientMsgId }));
      if (taken) return { kind: 'clientMsgIdTaken', campaignId: taken.campaignId };
    }

    const status = SendStatus.PENDING;
    const total = { recipients: recipientsOf(jobs), status };
    yield* run(insertCampaign(tx, t, { ...campaign, ...total }));
    const articles = yield* materialArticles(tx, t, appId, campaign.mediaId);
    for (const { request, ...job } of jobs) {
      yield* run(
        insertJob(tx, t, {
          ...job,
          campaignId,
          appId,
          toAll,
          status,
          sendBefore: campaign.sendBefore,
          nextAttemptAt: campaign.scheduledAt ?? at,
          countsAt: campaign.scheduledAt ?? at,
          attempts: 0,
          fence: 0,
          polls: 0,
        }),
      );
      if (request) yield* run(insertRequest(tx, t, { jobId: job.id, ...request }));
      if (articles.length > 0) {
        const rows = articles.map((article) => ({ ...article, jobId: job.id }));
        yield* run(tx.insert(t.jobArticles).values(rows));
      }
      const about = { appId, campaignId, jobId: job.id };
      yield* run(appendEvent(tx, t, { at, type: 'SendJobChanged', ...about, status }));
    }
    if (stage !== null) yield* unstage(tx, stage);
    return { kind: 'stored' };
  }

  const sameKey = (
    known: { campaignId: string; fingerprint: string },
    fingerprint: string,
  ): StoredIntent => ({
    kind: known.fingerprint === fingerprint ? 'replayed' : 'conflict',
    campaignId: known.campaignId,
  });

  return {
    /** What was stored under the key before, if anything. */
    async find(appId: string, idempotencyKey: string, fingerprint: string): Promise<StoredIntent | null> {
      const [known] = await byKey(read, t, { appId, idempotencyKey });
      return known ? sameKey(known, fingerprint) : null;
    },

    /**
     * Stores the campaign, its jobs and their first events together, once for a key: from here on nothing can be lost. In the same
     * transaction it is put on record that it was asked for, also where nothing is stored.
     */
    store: (intent: Intent, asked: AuditEntry): Promise<KeptIntent> =>
      atomically(function* (tx): Step<KeptIntent> {
        const { id: askedIn } = yield* appendAudit(tx, t, asked);
        return { ...(yield* storeOnce(tx, intent)), askedIn };
      }),

    /** Keeps the request of a job that there is not yet: a list may be longer than memory. */
    stageRequest: (stage: string, jobId: string, request: FrozenRequest): Promise<void> =>
      atomically(function* (tx) {
        yield* run(tx.insert(t.stagedRequests).values({ stage, jobId, ...request }));
      }),

    /** Whether a staged request holds a text. */
    async isStaged(stage: string, text: string): Promise<boolean> {
      const { jobId, body } = t.stagedRequests;
      const staged = await read
        .select({ jobId })
        .from(t.stagedRequests)
        .where(eq(t.stagedRequests.stage, stage));
      for (const { jobId: id } of staged) {
        const [row] = await read.select({ body }).from(t.stagedRequests).where(eq(jobId, id));
        if (row?.body.includes(text)) return true;
      }
      return false;
    },

    /** Forgets what was staged and not stored; without a name, all that a process left which died. */
    discardStaged: (stage?: string): Promise<void> =>
      atomically(function* (tx) {
        const which = stage === undefined ? undefined : eq(t.stagedRequests.stage, stage);
        yield* run(tx.delete(t.stagedRequests).where(which));
      }),
  };
}

const byKey = prepared((queries, t) =>
  queries
    .select({ campaignId: t.campaigns.id, fingerprint: t.campaigns.fingerprint })
    .from(t.campaigns)
    .where(
      and(eq(t.campaigns.appId, place('appId')), eq(t.campaigns.idempotencyKey, place('idempotencyKey'))),
    ),
);

const byClientMsgId = prepared((queries, t) =>
  queries
    .select({ campaignId: t.jobs.campaignId })
    .from(t.jobs)
    .where(and(eq(t.jobs.appId, place('appId')), eq(t.jobs.clientMsgId, place('clientMsgId')))),
);

const insertCampaign = inserting('campaigns');
const insertJob = inserting('jobs');
const insertRequest = inserting('jobRequests');

/** A material may change or expire later; what was sent under its id is kept with the send. */
function* materialArticles(tx: Queries, t: Tables, appId: string, mediaId: string | null) {
  if (mediaId === null) return [];
  const { index, title, author, digest, contentSourceUrl } = t.materialArticles;
  return yield* run(
    tx
      .select({ index, title, author, digest, contentSourceUrl })
      .from(t.materialArticles)
      .where(and(eq(t.materialArticles.appId, appId), eq(t.materialArticles.mediaId, mediaId)))
      .orderBy(asc(index)),
  );
}
