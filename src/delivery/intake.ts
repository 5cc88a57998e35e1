import { createHash } from 'node:crypto';
import { AudienceKind } from '../campaigns/audience.ts';
import { deriveClientMsgId } from '../campaigns/client-msg-id.ts';
import {
  IdempotencyConflictError,
  InvalidInputError,
  QuotaExceededError,
  refuseInvalid,
} from '../campaigns/errors.ts';
import type { Ids } from '../campaigns/ids.ts';
import { checkText, issue } from '../campaigns/input-issue.ts';
import type { Intent, StoredIntent } from '../campaigns/intent.ts';
import { checkMassSend, type MassSendRequest } from '../campaigns/mass-send-request.ts';
import { materialOf, messageType } from '../campaigns/message.ts';
import { quotaRules } from '../campaigns/quota.ts';
import type { Clock } from '../clock.ts';
import { encodeSend } from '../wechat/encode.ts';

export interface IntentStore {
  find(appId: string, idempotencyKey: string, fingerprint: string): Promise<StoredIntent | null>;
  store(intent: Intent): Promise<StoredIntent>;
}

export interface TakenIn {
  campaignId: string;
  /** The key was used before with the same input: this is the campaign of then. */
  replayed: boolean;
}

/**
 * Turns a request into a stored intent, once for its idempotency key. Nothing is sent here. Throws `InvalidInputError`,
 * `QuotaExceededError` and `IdempotencyConflictError`, and then nothing is stored.
 */
export function createIntake({ store, clock, ids }: { store: IntentStore; clock: Clock; ids: Ids }) {
  return async function takeIn(request: MassSendRequest): Promise<TakenIn> {
    const { appId } = request.account;
    const fingerprint = fingerprintOf(request);
    const issues = checkMassSend(request, clock.now());
    // First of all, so that a repetition is answered alike although quotas and times have moved on. Nothing can be stored under a key
    // that no database can hold, and some fail when they are asked for it.
    const isStorable = checkText(request.idempotencyKey).length === 0;
    const known = isStorable ? await store.find(appId, request.idempotencyKey, fingerprint) : null;
    if (known) return answerTo(known, null);
    refuseInvalid(issues);
    const intent = freeze(request, fingerprint);
    return answerTo(await store.store(intent), intent);
  };

  function freeze(request: MassSendRequest, fingerprint: string): Intent {
    const { account, audience, message, idempotencyKey, scheduledAt } = request;
    const createdAt = clock.now();
    const clientMsgId = request.clientMsgId ?? deriveClientMsgId(account.appId, idempotencyKey);
    const recipients = audience.kind === AudienceKind.OPEN_IDS ? audience.openIds.length : null;
    const options = { sendIgnoreReprint: request.sendIgnoreReprint, clientMsgId };
    return {
      campaign: {
        id: ids.next('cmp'),
        appId: account.appId,
        idempotencyKey,
        fingerprint,
        label: request.label,
        messageType: messageType(message),
        mediaId: materialOf(message),
        audienceKind: audience.kind,
        tagId: audience.kind === AudienceKind.TAG ? audience.tagId : null,
        recipients,
        sendIgnoreReprint: request.sendIgnoreReprint,
        createdAt,
        scheduledAt,
        sendBefore: request.sendBefore,
      },
      jobs: [
        {
          id: ids.next('job'),
          index: 0,
          clientMsgId,
          recipients,
          request: encodeSend(message, audience, options),
        },
      ],
      quotaRules: quotaRules(
        account.limits,
        scheduledAt && scheduledAt > createdAt ? scheduledAt : createdAt,
      ),
    };
  }
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
          `was used before, by the campaign ${stored.campaignId}; WeChat would take this for a repetition`,
        ),
      ]);
  }
}

/** The same for the same input, whatever order its fields came in. */
function fingerprintOf({ account, idempotencyKey: _, ...rest }: MassSendRequest): string {
  return createHash('sha256')
    .update(JSON.stringify(sorted({ ...rest, appId: account.appId })))
    .digest('hex');
}

const sorted = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || value instanceof Date || Array.isArray(value))
    return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
};
