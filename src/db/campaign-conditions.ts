import { eq, gte, inArray, lt, type SQL } from 'drizzle-orm';
import type { CopyrightState } from '../campaigns/delivery-result.ts';
import type { MessageType } from '../campaigns/message.ts';
import type { SendStatus } from '../campaigns/status.ts';
import { placeOf } from './built-once.ts';
import { stateSetsWith } from './copyright-states.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export interface CampaignQuery {
  appId?: string | null;
  idempotencyKey?: string | null;
  statuses?: SendStatus[] | null;
  messageTypes?: MessageType[] | null;
  msgId?: string | null;
  msgDataId?: string | null;
  tagId?: number | null;
  copyrightStates?: CopyrightState[] | null;
  createdFrom?: Date | null;
  createdTo?: Date | null;
}

/** What may be asked of campaigns, as parts of prepared queries: each has its value by the same name. */
export function createCampaignConditions({
  read,
  tables: { campaigns, jobs },
  isAmong,
}: Database): Record<keyof CampaignQuery, SQL> {
  const jobOf = (where: SQL) =>
    inArray(campaigns.id, read.select({ id: jobs.campaignId }).from(jobs).where(where));

  return {
    // First, and so in front of an index where it is asked for: most campaigns are sent, and few are reprints.
    copyrightStates: isAmong(campaigns.copyrightStates, 'copyrightStates'),
    appId: eq(campaigns.appId, placeOf('appId', campaigns.appId)),
    idempotencyKey: eq(campaigns.idempotencyKey, placeOf('idempotencyKey', campaigns.idempotencyKey)),
    statuses: isAmong(campaigns.status, 'statuses'),
    messageTypes: isAmong(campaigns.messageType, 'messageTypes'),
    msgId: jobOf(eq(jobs.msgId, placeOf('msgId', jobs.msgId))),
    msgDataId: jobOf(eq(jobs.msgDataId, placeOf('msgDataId', jobs.msgDataId))),
    tagId: eq(campaigns.tagId, placeOf('tagId', campaigns.tagId)),
    createdFrom: gte(campaigns.createdAt, placeOf('createdFrom', campaigns.createdAt)),
    createdTo: lt(campaigns.createdAt, placeOf('createdTo', campaigns.createdAt)),
  };
}

/** What the placeholders of the conditions stand for. */
export const valuesOf = (query: CampaignQuery): Record<string, unknown> => ({
  ...query,
  copyrightStates: query.copyrightStates && stateSetsWith(query.copyrightStates),
});

/** What a campaign is told by; what else stands in its row is for reports. */
export const campaignColumns = (t: Tables['campaigns']) => ({
  id: t.id,
  appId: t.appId,
  idempotencyKey: t.idempotencyKey,
  label: t.label,
  messageType: t.messageType,
  mediaId: t.mediaId,
  audienceKind: t.audienceKind,
  tagId: t.tagId,
  recipients: t.recipients,
  sendIgnoreReprint: t.sendIgnoreReprint,
  status: t.status,
  createdAt: t.createdAt,
  scheduledAt: t.scheduledAt,
  sendBefore: t.sendBefore,
  submittedAt: t.submittedAt,
  finishedAt: t.finishedAt,
  deletedAt: t.deletedAt,
});
