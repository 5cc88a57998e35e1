import { isNotNull } from 'drizzle-orm';
import type { AudienceKind } from '../campaigns/audience.ts';
import type { CopyrightState } from '../campaigns/delivery-result.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import type { MessageType } from '../campaigns/message.ts';
import type { SendStatus } from '../campaigns/status.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import type { Kit } from './sqlite-columns.ts';

/**
 * What was asked for, what was handed to WeChat, and what became of it. An index leaves out the rows that nobody looks for in it: every page
 * that a commit changes is written before it is answered.
 */
export function createSendTables(c: Kit) {
  const campaigns = c.table(
    'campaigns',
    {
      id: c.text().primaryKey(),
      appId: c.text().notNull(),
      idempotencyKey: c.text().notNull(),
      /** Of the whole input: tells a repetition from another send under the same key. */
      fingerprint: c.text().notNull(),
      label: c.text(),
      messageType: c.text<MessageType>().notNull(),
      /** The material that was sent, by which its links live and die. */
      mediaId: c.text(),
      audienceKind: c.text<AudienceKind>().notNull(),
      tagId: c.integer(),
      recipients: c.integer(),
      sendIgnoreReprint: c.boolean().notNull(),
      /** Follows from the jobs; written with every change of one. */
      status: c.text<SendStatus>().notNull(),
      // WeChat's figures, summed over the jobs that have any: a view must not compute, and reports ask for them by campaign.
      totalCount: c.integer(),
      eligibleCount: c.integer(),
      sentCount: c.integer(),
      failedCount: c.integer(),
      /** Of its jobs, as `stateSet` writes them: a filter must not look for them job by job. */
      copyrightStates: c.text(),
      createdAt: c.dateTime().notNull(),
      scheduledAt: c.dateTime(),
      sendBefore: c.dateTime(),
      submittedAt: c.dateTime(),
      finishedAt: c.dateTime(),
      deletedAt: c.dateTime(),
    },
    (t) => [
      c.uniqueIndex('campaigns_idempotency').on(t.idempotencyKey, t.appId),
      c.index('campaigns_newest').on(t.createdAt, t.id),
      c.index('campaigns_account').on(t.appId, t.createdAt, t.id),
      c.index('campaigns_status').on(t.status, t.createdAt, t.id),
      c.index('campaigns_message_type').on(t.messageType, t.createdAt, t.id),
      c.index('campaigns_tag').on(t.tagId, t.createdAt, t.id).where(isNotNull(t.tagId)),
      c
        .index('campaigns_copyright')
        .on(t.copyrightStates, t.createdAt, t.id)
        .where(isNotNull(t.copyrightStates)),
      c.index('campaigns_material').on(t.appId, t.mediaId).where(isNotNull(t.mediaId)),
    ],
  );

  const jobs = c.table(
    'jobs',
    {
      id: c.text().primaryKey(),
      campaignId: c
        .text()
        .notNull()
        .references(() => campaigns.id),
      appId: c.text().notNull(),
      index: c.integer().notNull(),
      clientMsgId: c.text().notNull(),
      toAll: c.boolean().notNull(),
      recipients: c.integer(),
      status: c.text<SendStatus>().notNull(),
      msgId: c.text(),
      msgDataId: c.text(),
      failure: c.json<SendFailure>(),
      // The figures of the last result event, all null until there is one.
      totalCount: c.integer(),
      eligibleCount: c.integer(),
      sentCount: c.integer(),
      failedCount: c.integer(),
      copyrightState: c.text<CopyrightState>(),
      /** The status of the last result event, as it came. */
      rawStatus: c.text(),
      /** It does not leave from then on. Null also once a call of it may have been carried out, which was in time. */
      sendBefore: c.dateTime(),
      /** When to hand it to WeChat (again); null: never on its own. */
      nextAttemptAt: c.dateTime(),
      attempts: c.integer().notNull(),
      /** Whoever holds the lease may call WeChat; the fence tells a late answer from the present one. */
      leaseUntil: c.dateTime(),
      fence: c.integer().notNull(),
      /** When the first call whose outcome is unknown went out: WeChat knows its clientmsgid for 24 hours from then. */
      unknownSince: c.dateTime(),
      /** When it counts, or will count, against the quotas of its account. */
      countsAt: c.dateTime().notNull(),
      /** Since when it waits for an administrator to confirm it. */
      unconfirmedSince: c.dateTime(),
      nextPollAt: c.dateTime(),
      polls: c.integer().notNull(),
      submittedAt: c.dateTime(),
      finishedAt: c.dateTime(),
      deletedAt: c.dateTime(),
      /** WeChat says that it is deleted, and nobody here asked for that: the result event, which has not come, may know better. */
      deletionSeen: c.boolean(),
      /** Somebody wished to cancel it during a call: where WeChat puts that off, it is not called again. */
      cancelWishedAt: c.dateTime(),
    },
    (t) => [
      c.uniqueIndex('jobs_position').on(t.campaignId, t.index),
      c.uniqueIndex('jobs_client_msg_id').on(t.appId, t.clientMsgId),
      c.uniqueIndex('jobs_msg_id').on(t.msgId, t.appId).where(isNotNull(t.msgId)),
      c.index('jobs_msg_data_id').on(t.msgDataId).where(isNotNull(t.msgDataId)),
      c
        .index('jobs_next_attempt')
        .on(t.appId, t.nextAttemptAt, t.campaignId, t.index)
        .where(isNotNull(t.nextAttemptAt)),
      c.index('jobs_lease').on(t.appId, t.leaseUntil).where(isNotNull(t.leaseUntil)),
      c.index('jobs_next_poll').on(t.appId, t.nextPollAt).where(isNotNull(t.nextPollAt)),
      c.index('jobs_counts_at').on(t.appId, t.countsAt),
      // For metrics, which count by state and look for the oldest unknown outcome: nothing but the index is read.
      c.index('jobs_state').on(t.appId, t.status, t.unknownSince),
    ],
  );

  /** What is handed to WeChat for a job, to the byte: a table of its own, for a list of jobs never wants ten thousand OpenIDs. */
  const jobRequests = c.table('job_requests', {
    jobId: c
      .text()
      .primaryKey()
      .references(() => jobs.id),
    endpoint: c.text<FrozenRequest['endpoint']>().notNull(),
    body: c.text().notNull(),
  });

  /** Requests of a send that is still being read in; what stands here when a gateway starts belongs to nobody. */
  const stagedRequests = c.table(
    'staged_requests',
    {
      jobId: c.text().primaryKey(),
      stage: c.text().notNull(),
      endpoint: c.text<FrozenRequest['endpoint']>().notNull(),
      body: c.text().notNull(),
    },
    (t) => [c.index('staged_requests_stage').on(t.stage)],
  );

  const jobArticles = c.table(
    'job_articles',
    {
      jobId: c
        .text()
        .notNull()
        .references(() => jobs.id),
      /** From 1, as WeChat counts. */
      index: c.integer().notNull(),
      /** `<msg_data_id>_<index>`, the key of WeChat's article analytics. */
      articleMsgid: c.text(),
      title: c.text(),
      author: c.text(),
      digest: c.text(),
      contentSourceUrl: c.text(),
      url: c.text(),
      deletedAt: c.dateTime(),
    },
    (t) => [c.primaryKey({ columns: [t.jobId, t.index] }), c.index('job_articles_msgid').on(t.articleMsgid)],
  );

  /** What WeChat found for each article when it compared them with the originals it knows. */
  const copyrightResults = c.table(
    'copyright_results',
    {
      jobId: c
        .text()
        .notNull()
        .references(() => jobs.id),
      articleIndex: c.integer().notNull(),
      userDeclareState: c.integer(),
      auditState: c.integer(),
      originalArticleUrl: c.text(),
      originalArticleType: c.integer(),
      canReprint: c.boolean(),
      needReplaceContent: c.boolean(),
      needShowReprintSource: c.boolean(),
    },
    (t) => [c.primaryKey({ columns: [t.jobId, t.articleIndex] })],
  );

  return { campaigns, jobs, jobRequests, stagedRequests, jobArticles, copyrightResults };
}
