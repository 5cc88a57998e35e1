import { eq } from 'drizzle-orm';
import type { DeliveryResult } from '../../src/campaigns/delivery-result.ts';
import { SendStatus } from '../../src/campaigns/status.ts';
import { createCampaignStore } from '../../src/db/campaign-store.ts';
import { type Database, run } from '../../src/db/database.ts';
import { createIntentStore } from '../../src/db/intent-store.ts';
import { createPushStore } from '../../src/db/push-store.ts';
import { createStatusStore } from '../../src/db/status-store.ts';
import { createSubmissionStore } from '../../src/db/submission-store.ts';
import { ASKED } from './asked.ts';

export const MSG_ID = '90261533849829378';
export const MSG_DATA_ID = '90261533849829379';
const AT = new Date('2026-06-01T02:00:00.000Z');
/** Of the gateway that the database belongs to. */
const FENCE = 1;
const LOST = { code: null, reason: 'no answer', rawStatus: null, retryable: true };

const statuses = { SEND_SUCCESS: SendStatus.SENT, SEND_FAIL: SendStatus.FAILED, DELETE: SendStatus.DELETED };

/**
 * One send of two articles in an account of its own, to which everything happens in the same instant.
 * @param uploaded whether its articles are known from their upload
 */
export async function createSendHistory(database: Database, appId: string, uploaded: boolean) {
  const submissions = createSubmissionStore(database, { fence: FENCE, onTaken: () => {} });
  const status = createStatusStore(database);
  const pushes = createPushStore(database);
  const campaigns = createCampaignStore(database);
  const { atomically, read, tables: t } = database;
  const id = `cmp_${appId}`;
  const jobId = `job_${appId}`;

  await atomically(function* (tx) {
    const owner = { id: 'gateway', fence: FENCE, place: 'here', startedAt: AT } as const;
    yield* run(tx.insert(t.instance).values(owner).onConflictDoNothing());
    for (const index of uploaded ? [1, 2] : []) {
      const article = { index, title: `Article ${index}`, thumbMediaId: 'thumb', content: 'content' };
      yield* run(tx.insert(t.materialArticles).values({ appId, mediaId: 'news', ...article }));
    }
  });
  await createIntentStore(database).store(
    {
      campaign: {
        ...{ id, appId, idempotencyKey: 'key', fingerprint: 'print', label: null, mediaId: 'news' },
        ...{ messageType: 'MPNEWS', audienceKind: 'TAG', tagId: 2, recipients: null },
        ...{ sendIgnoreReprint: false, createdAt: AT, scheduledAt: null, sendBefore: null },
      },
      jobs: [
        {
          id: jobId,
          index: 0,
          clientMsgId: 'client',
          recipients: null,
          request: { endpoint: 'sendToFilter', body: '{}' },
        },
      ],
      stage: null,
      quotaRules: [],
    },
    ASKED,
  );

  async function claim() {
    const claimed = await submissions.claim(appId, AT, AT);
    if (!claimed) throw new Error('there is nothing to claim');
    return claimed;
  }
  type Claim = Awaited<ReturnType<typeof claim>>;

  const jobRow = async () => (await read.select().from(t.jobs).where(eq(t.jobs.id, jobId)))[0]!;

  return {
    claim,
    accept: (claimed: Claim, msgDataId: string | null) =>
      submissions.accept(claimed, { msgId: MSG_ID, msgDataId }, AT, AT),
    /** Its outcome is unknown. `repeated`: and is asked again. */
    lose: (claimed: Claim, repeated: boolean) =>
      submissions.loseTrack(claimed, LOST, AT, { nextAttemptAt: repeated ? AT : null, mayBeDone: true }),
    /** Its caller died: the lease is over. */
    abandon: () =>
      submissions.settleOverdue(
        appId,
        { now: AT, leasesUntil: AT, forgottenBefore: new Date(0), ahead: new Date(AT.getTime() + 1) },
        LOST,
        () => AT,
      ),
    push: (result: DeliveryResult) =>
      pushes.receive({
        ...{ appId, receivedAt: AT, digest: JSON.stringify(result), msgType: 'event' },
        ...{ event: 'MASSSENDJOBFINISH', raw: '<xml/>', result },
      }),
    see: (rawStatus: keyof typeof statuses) =>
      status.recordStatus(appId, MSG_ID, { rawStatus, status: statuses[rawStatus] }, AT),
    remove: () => status.recordDeletion(appId, MSG_ID, null, AT),
    isPollDue: async () => (await jobRow()).nextPollAt !== null,

    /** All that is kept of the send, but for what tells one history from another. */
    async outcome() {
      const { id: _, campaignId, appId: __, fence, attempts, polls, ...job } = await jobRow();
      const [campaign] = await campaigns.byIds([id]);
      const events = await read.select().from(t.events).where(eq(t.events.appId, appId));
      const results = await campaigns.copyrightOfJobs([jobId]);
      const articles = await campaigns.articlesOfJobs([jobId]);
      return {
        job,
        campaign: { ...campaign, id: '', appId: '' },
        articles: articles.map((article) => ({ ...article, jobId: '' })),
        copyright: results.map((result) => ({ ...result, jobId: '' })),
        // However late it became known whose they are, its campaign is told them, each once.
        finished: events
          .filter((event) => event.type === 'MassSendJobFinished' && event.campaignId !== null)
          .map((event) => ({ msgId: event.msgId, known: event.campaignId === id && event.jobId === jobId })),
      };
    },
  };
}
export type SendHistory = Awaited<ReturnType<typeof createSendHistory>>;
