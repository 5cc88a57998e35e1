import { sql } from 'drizzle-orm';
import type { CopyrightCheck, DeliveryCounts, DeliveryResult } from '../campaigns/delivery-result.ts';
import type { SendFailure } from '../campaigns/failure.ts';
import type { MessageType } from '../campaigns/message.ts';
import type { QuotaKind } from '../campaigns/quota.ts';
import type { SendStatus } from '../campaigns/status.ts';
import type { Kit } from './sqlite-columns.ts';

/** What was uploaded, what WeChat pushed and answered, and what is told to those who subscribe. */
export function createRecordTables(c: Kit) {
  const materials = c.table(
    'materials',
    {
      appId: c.text().notNull(),
      mediaId: c.text().notNull(),
      type: c.text().notNull(),
      createdAt: c.dateTime().notNull(),
      uploadedAt: c.dateTime().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.mediaId] })],
  );

  const materialArticles = c.table(
    'material_articles',
    {
      appId: c.text().notNull(),
      mediaId: c.text().notNull(),
      index: c.integer().notNull(),
      title: c.text().notNull(),
      author: c.text(),
      digest: c.text(),
      contentSourceUrl: c.text(),
      thumbMediaId: c.text().notNull(),
      showCoverPic: c.boolean(),
      content: c.text().notNull(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.mediaId, t.index] })],
  );

  /** The inbox: every push that was verified, before anything else happens to it. */
  const pushes = c.table(
    'pushes',
    {
      id: c.growingKey(),
      appId: c.text().notNull(),
      receivedAt: c.dateTime().notNull(),
      /** Of the message itself: a repeated delivery has the same, a changed one another. */
      digest: c.text().notNull(),
      msgType: c.text(),
      event: c.text(),
      /** Of the send that a result event is about. */
      msgId: c.text(),
      raw: c.text().notNull(),
      /** What a result event says, read when it came. */
      result: c.json<DeliveryResult>(),
      /** The result event has not been told yet: a call is under way whose answer may say which send it belongs to. */
      untold: c.boolean().notNull(),
    },
    (t) => [
      c.uniqueIndex('pushes_digest').on(t.appId, t.digest),
      c.index('pushes_msg_id').on(t.appId, t.msgId, t.id),
      // Of the few alone. A query finds them by it where it says `untold` as it stands here.
      c.index('pushes_untold').on(t.appId, t.id).where(sql`${t.untold}`),
    ],
  );

  /** Those that came with plain pushes. They do not cover the body: whoever has seen one could write any push with it. */
  const plainSignatures = c.table(
    'plain_signatures',
    {
      id: c.growingKey(),
      appId: c.text().notNull(),
      signature: c.text().notNull(),
      /** Of the message that it came with first. */
      digest: c.text().notNull(),
    },
    (t) => [c.uniqueIndex('plain_signatures_signature').on(t.appId, t.signature)],
  );

  const events = c.table(
    'events',
    {
      id: c.growingKey(),
      at: c.dateTime().notNull(),
      type: c.text<'SendJobChanged' | 'MassSendJobFinished'>().notNull(),
      appId: c.text().notNull(),
      campaignId: c.text(),
      jobId: c.text(),
      status: c.text<SendStatus>(),
      msgId: c.text(),
      rawStatus: c.text(),
      counts: c.json<DeliveryCounts>(),
      copyrightCheck: c.json<CopyrightCheck>(),
    },
    (t) => [c.index('events_campaign').on(t.campaignId, t.id)],
  );

  /** How every call to WeChat ended. */
  const calls = c.table(
    'calls',
    {
      id: c.growingKey(),
      appId: c.text().notNull(),
      endpoint: c.text().notNull(),
      jobId: c.text(),
      at: c.dateTime().notNull(),
      durationMs: c.integer().notNull(),
      errcode: c.integer(),
      message: c.text(),
    },
    (t) => [c.index('calls_endpoint').on(t.appId, t.endpoint, t.at)],
  );

  /** Quotas that WeChat says are used up, whatever was counted here: something else sends for the account too. */
  const exhaustedQuotas = c.table(
    'exhausted_quotas',
    {
      appId: c.text().notNull(),
      kind: c.text<QuotaKind>().notNull(),
      /** Of the day or month that it is used up for. */
      from: c.dateTime().notNull(),
      at: c.dateTime().notNull(),
      /** What the limit was set to then. Once it is set higher, WeChat is asked again. */
      atLimit: c.integer(),
    },
    (t) => [c.primaryKey({ columns: [t.appId, t.kind, t.from] })],
  );

  /** The one row that says which gateway this database belongs to. */
  const instance = c.table('instance', {
    id: c.text<'gateway'>().primaryKey(),
    /** Grows with every start; whoever has an older one must not write what leads to a send. */
    fence: c.integer().notNull(),
    /** Of the place where the database lies: a copy has another. */
    place: c.text().notNull(),
    /** Nothing is sent until somebody says so: this is a copy, and the original may have sent what it holds. */
    heldSince: c.dateTime(),
    startedAt: c.dateTime().notNull(),
  });

  /** Previews that WeChat was asked for: those by WeChat name have a quota of their own. */
  const previews = c.table(
    'previews',
    {
      id: c.text().primaryKey(),
      appId: c.text().notNull(),
      at: c.dateTime().notNull(),
      byWxName: c.boolean().notNull(),
      messageType: c.text<MessageType>().notNull(),
      msgId: c.text(),
      failure: c.json<SendFailure>(),
    },
    (t) => [c.index('previews_account').on(t.appId, t.at)],
  );

  const accessTokens = c.table('access_tokens', {
    appId: c.text().primaryKey(),
    token: c.text().notNull(),
    expiresAt: c.dateTime().notNull(),
  });

  return {
    materials,
    materialArticles,
    pushes,
    plainSignatures,
    events,
    calls,
    exhaustedQuotas,
    instance,
    previews,
    accessTokens,
  };
}
