import { hash } from 'node:crypto';
import type { AuditEntry } from '../access/audit-entry.ts';
import type { AuditRecord } from '../access/audit-trail.ts';
import { AudienceKind, audienceKind } from '../campaigns/audience.ts';
import {
  IdempotencyConflictError,
  InvalidInputError,
  QuotaExceededError,
  refuseInvalid,
} from '../campaigns/errors.ts';
import type { Ids } from '../campaigns/ids.ts';
import { checkText, issue } from '../campaigns/input-issue.ts';
import type { Intent, KeptIntent, StoredIntent } from '../campaigns/intent.ts';
import { checkClientMsgId, leavesAt, type MassSendRequest } from '../campaigns/mass-send-request.ts';
import { materialOf, messageType } from '../campaigns/message.ts';
import { quotaRules } from '../campaigns/quota.ts';
import type { FrozenRequest } from '../campaigns/submission.ts';
import type { Clock } from '../clock.ts';
import { jobOf, jobsOf } from './jobs.ts';
import { readRecipients } from './recipients-file.ts';
import { type FindMaterials, sendIssues } from './send-issues.ts';

export interface IntentStore {
  find(appId: string, idempotencyKey: string, fingerprint: string): Promise<StoredIntent | null>;
  store(intent: Intent, asked: AuditEntry): Promise<KeptIntent>;
  stageRequest(stage: string, jobId: string, request: FrozenRequest): Promise<void>;
  isStaged(stage: string, text: string): Promise<boolean>;
  discardStaged(stage: string): Promise<void>;
}

export interface TakenIn {
  campaignId: string;
  /** The key was used before with the same input: this is the campaign of then. */
  replayed: boolean;
}

type Jobs = Intent['jobs'];

/**
 * Turns a request into a stored intent, once for its idempotency key. Nothing is sent here. Throws `InvalidInputError`,
 * `QuotaExceededError` and `IdempotencyConflictError`, and then nothing is stored.
 */
export function createIntake(deps: {
  store: IntentStore;
  findMaterials: FindMaterials;
  clock: Clock;
  ids: Ids;
  /** An intent of this account is on its way into the store. */
  onStoring: (appId: string) => void;
  /** It is stored. Called before anybody else who shares its commit goes on. */
  onStored: (appId: string, campaignId: string) => void;
}) {
  const { store, findMaterials, clock, ids } = deps;

  async function takeIn(request: MassSendRequest, record: AuditRecord): Promise<TakenIn> {
    const { audience } = request;
    if (audience.kind === 'OPEN_IDS_FILE') return takeInFile(request, audience.chunks, record);
    const fingerprint = fingerprintOf(request, audience);
    const issues = await sendIssues(request, clock.now(), findMaterials);
    const known = await find(request, fingerprint);
    if (known) return answerTo(known, null);
    refuseInvalid(issues);
    const jobs = jobsOf(request, audience, ids);
    refuseInvalid(checkClientMsgId(jobs.at(-1)?.clientMsgId ?? ''));
    const intent = { ...freeze(request, fingerprint), jobs, stage: null };
    return answerTo(await keep(intent, record), intent);
  }

  /** The requests of the jobs are staged while the file is read, so that it may be longer than memory. */
  async function takeInFile(
    request: MassSendRequest,
    chunks: AsyncIterable<Uint8Array>,
    record: AuditRecord,
  ): Promise<TakenIn> {
    const stage = ids.next('stg');
    const jobs: Jobs = [];
    const issues = await sendIssues(request, clock.now(), findMaterials);
    try {
      const recipients = await readRecipients(
        chunks,
        async (openIds, isOnly) => {
          const job = jobOf(request, { kind: AudienceKind.OPEN_IDS, openIds }, jobs.length, isOnly, ids);
          await store.stageRequest(stage, job.id, job.request);
          jobs.push({ ...job, request: null });
        },
        (openId) => store.isStaged(stage, JSON.stringify(openId)),
      );
      const fingerprint = fingerprintOf(request, recipients.sha256);
      const known = await find(request, fingerprint);
      if (known) return answerTo(known, null);
      refuseInvalid([...issues, ...recipients.issues]);
      refuseInvalid(checkClientMsgId(jobs.at(-1)?.clientMsgId ?? ''));
      const intent = { ...freeze(request, fingerprint), jobs, stage };
      return answerTo(await keep(intent, record), intent);
    } finally {
      await store.discardStaged(stage);
    }
  }

  /**
   * What is known under the key. Asked for before anything is refused, so that a repetition is answered alike although quotas and times
   * have moved on. Nothing can be stored under a key that no database can hold, and some fail when they are asked for it.
   */
  const find = async ({ account, idempotencyKey }: MassSendRequest, fingerprint: string) =>
    checkText(idempotencyKey).length === 0 ? store.find(account.appId, idempotencyKey, fingerprint) : null;

  const keep = (intent: Intent, record: AuditRecord): Promise<StoredIntent> =>
    record.beginWithin<KeptIntent>((asked) => {
      const { id, appId } = intent.campaign;
      const stored = store.store(intent, asked);
      deps.onStoring(appId);
      return stored.then((kept) => {
        if (kept.kind === 'stored') deps.onStored(appId, id);
        return kept;
      });
    });

  function freeze(request: MassSendRequest, fingerprint: string) {
    const { account, audience, message, scheduledAt } = request;
    const createdAt = clock.now();
    return {
      campaign: {
        id: ids.next('cmp'),
        appId: account.appId,
        idempotencyKey: request.idempotencyKey,
        fingerprint,
        label: request.label,
        messageType: messageType(message),
        mediaId: materialOf(message),
        audienceKind: audienceKind(audience),
        tagId: audience.kind === AudienceKind.TAG ? audience.tagId : null,
        sendIgnoreReprint: request.sendIgnoreReprint,
        createdAt,
        scheduledAt,
        sendBefore: request.sendBefore,
      },
      quotaRules: quotaRules(account.limits, leavesAt(scheduledAt, createdAt), createdAt),
    };
  }

  return takeIn;
}

function answerTo(stored: StoredIntent, intent: Intent | null): TakenIn {
  switch (stored.kind) {
    case 'stored':
      if (!intent) throw new Error('nothing can be stored without an intent');
      return { campaignId: intent.campaign.id, replayed: false };
    case 'replayed':
      return { campaignId: stored.campaignId, replayed: true };
    case 'conflict':
      throw new IdempotencyConflictError(stored.campaignId);
    case 'quota':
      throw new QuotaExceededError(stored.quota);
    case 'clientMsgIdTaken':
      throw new InvalidInputError([
        issue(
          ['clientMsgId'],
          `belongs to the campaign ${stored.campaignId}; every send needs one of its own`,
        ),
      ]);
  }
}

/** The same for the same input, whatever order its fields came in. */
function fingerprintOf({ account, idempotencyKey: _, ...rest }: MassSendRequest, audience: unknown): string {
  const input = { ...rest, audience, appId: account.appId };
  return hash('sha256', JSON.stringify(sorted(input)));
}

const sorted = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value))
    return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
};
