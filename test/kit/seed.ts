import type { CopyrightState } from '../../src/campaigns/delivery-result.ts';
import type { MessageType } from '../../src/campaigns/message.ts';
import type { SendStatus } from '../../src/campaigns/status.ts';
import { stateSet } from '../../src/db/copyright-states.ts';
import { type Database, run } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import type { World } from './world.ts';

export interface SeededCampaign {
  /** @default `cmp_` and its position, so that ids grow in the order they are given */
  id?: string;
  appId?: string;
  createdAt?: Date;
  status?: SendStatus;
  messageType?: MessageType;
  tagId?: number | null;
  mediaId?: string;
  msgId?: string | null;
  msgDataId?: string | null;
  copyrightState?: CopyrightState | null;
  /** Articles of its job, each with a copyright result. */
  articles?: number;
}

/** Writes with statements of one's own, beside the running gateway. */
export async function withDatabase<T>(
  { config }: World,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(config.databaseUrl, () => {});
  try {
    return await work(database);
  } finally {
    await database.close();
  }
}

/** Puts finished campaigns with one job each into the gateway's database, and gives their ids in the order given. */
export async function seedCampaigns(world: World, rows: readonly SeededCampaign[]): Promise<string[]> {
  const at = world.clock.now();
  const ids = rows.map(({ id }, index) => id ?? `cmp_${String(index).padStart(6, '0')}`);
  await withDatabase(world, ({ atomically, tables: t }) =>
    atomically(function* (tx) {
      for (const [index, row] of rows.entries()) {
        const id = ids[index]!;
        const jobId = id.replace('cmp_', 'job_');
        const { appId = world.appId, status = 'SENT', tagId = 2, articles = 0 } = row;
        const msgId = row.msgId === undefined ? String(7_000_000_001 + index) : row.msgId;
        const msgDataId = row.msgDataId === undefined ? String(8_000_000_001 + index) : row.msgDataId;
        yield* run(
          tx.insert(t.campaigns).values({
            id,
            appId,
            idempotencyKey: id,
            fingerprint: id,
            messageType: row.messageType ?? 'MPNEWS',
            mediaId: row.mediaId ?? null,
            audienceKind: tagId === null ? 'ALL' : 'TAG',
            tagId,
            recipients: 10,
            sendIgnoreReprint: false,
            status,
            totalCount: 10,
            eligibleCount: 9,
            sentCount: 8,
            failedCount: 1,
            copyrightStates: stateSet([row.copyrightState ?? null]),
            createdAt: row.createdAt ?? at,
            submittedAt: at,
            finishedAt: at,
          }),
        );
        yield* run(
          tx.insert(t.jobs).values({
            id: jobId,
            campaignId: id,
            appId,
            index: 0,
            clientMsgId: id,
            toAll: tagId === null,
            recipients: 10,
            status,
            msgId,
            msgDataId,
            totalCount: 10,
            eligibleCount: 9,
            sentCount: 8,
            failedCount: 1,
            copyrightState: row.copyrightState ?? null,
            attempts: 1,
            fence: 1,
            polls: 0,
            countsAt: at,
            submittedAt: at,
            finishedAt: at,
          }),
        );
        for (let article = 1; article <= articles; article++) {
          const articleMsgid = `${msgDataId}_${article}`;
          yield* run(
            tx
              .insert(t.jobArticles)
              .values({ jobId, index: article, articleMsgid, title: `Article ${article}` }),
          );
          yield* run(tx.insert(t.copyrightResults).values({ jobId, articleIndex: article, auditState: 1 }));
        }
      }
    }),
  );
  return ids;
}
