import { and, eq, inArray, isNotNull, isNull, lte, or, type SQL, sql } from 'drizzle-orm';
import { withoutCode } from '../campaigns/failure.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { createWriteCheck } from './can-write.ts';
import { ownerOf } from './claim-queries.ts';
import {
  type Database,
  oneByOne,
  type ProgressMemory,
  type Queries,
  run,
  type Step,
  TableState,
} from './database.ts';
import { lastEventId } from './event-store.ts';
import { changeJob } from './job-changes.ts';
import { tellPushes } from './result-steps.ts';
import type { Tables } from './tables.ts';

const ID = 'gateway';

/** Noting costs some milliseconds of the disk. What was copied and restored within as many is not known as a copy. */
const NOTED_WITHIN_MS = 8_000;

export interface Ownership {
  /** Goes with every step towards a send. */
  fence: number;
  /** For whoever finds the fence of another. */
  onTaken: () => void;
  /** No gateway had it before. */
  isNew: boolean;
  /** Since when nothing is sent, because this database is a copy; null where it is not. */
  heldSince: Date | null;
}

const COPIED = withoutCode('the database was restored from a backup; the original may have sent this');

/** Which gateway the database belongs to, and whether it may send. */
export function createInstanceStore(database: Database) {
  const { atomically, tables: t } = database;

  const canWrite = createWriteCheck(database);
  let memory: ProgressMemory | null = null;
  let fence = 0;
  let onTaken = () => {};

  /**
   * Takes the database over from the process that had it before; throws `DatabaseInUseError` where that lives. One that lies elsewhere
   * than it used to, or is older than it once was, is a copy: it is held, and what it would send next counts as perhaps sent. Throws
   * `LaterTablesError` where an older version must not touch it.
   * @param tell called once where another gateway has taken it over in its turn, which Postgres lets it where our connection is lost
   */
  async function takeOver(now: Date, tell: () => void, log: Log): Promise<Ownership> {
    memory = await database.own(() => {
      // What cannot be read now is asked for by whoever wants to know whether it is ready.
      isOurs().catch(() => {});
    });
    await bringUpToDate(database, log);
    const place = await database.place();
    // Before it is in the database itself: one that is there and not remembered was copied without what lies beside it.
    if (memory && (await ownerOf(database.read, t, {})).length === 0)
      memory.save({ fence: memory.seen()?.fence ?? 0, lastEventId: 0 });
    const seen = memory?.seen() ?? null;
    const ownership = await atomically(function* (tx): Step<Omit<Ownership, 'onTaken'>> {
      const [before] = yield* run(tx.select().from(t.instance).where(eq(t.instance.id, ID)));
      const lastId = yield* lastEventId(tx, t);
      const next = Math.max(before?.fence ?? 0, seen?.fence ?? 0) + 1;
      const isOlder = seen ? (before?.fence ?? 0) < seen.fence || lastId < seen.lastEventId : memory !== null;
      const isCopy = before !== undefined && (before.place !== place || isOlder);
      const heldSince = before?.heldSince ?? (isCopy ? now : null);
      const row = { id: ID, fence: next, place, heldSince, startedAt: now } as const;
      yield* run(tx.insert(t.instance).values(row).onConflictDoUpdate({ target: t.instance.id, set: row }));
      if (isCopy) yield* doubtEverythingDue(tx, t, now);
      if (heldSince) yield* tellAllPushes(tx, t);
      return { fence: next, isNew: before === undefined, heldSince };
    });
    fence = ownership.fence;
    onTaken = once(tell);
    await noteProgress();
    return { ...ownership, onTaken };
  }

  /** Whether no other gateway has taken the database over since. The first to find that one has tells it. */
  async function isOurs(): Promise<boolean> {
    const [owner] = await ownerOf(database.read, t, {});
    if (owner?.fence === fence) return true;
    onTaken();
    return false;
  }

  /** Whether the tables are those of this version, the database is still this gateway's, and takes what is to be stored. */
  const isUsable = async (): Promise<boolean> =>
    (await database.tableState()) === TableState.CURRENT && (await isOurs()) && (await canWrite());

  /** Notes how far the database has come: a backup of this gateway's time has the same fence. */
  async function noteProgress(): Promise<void> {
    memory?.save({ fence, lastEventId: await oneByOne(lastEventId(database.read, t)) });
  }

  /** Notes it whenever it has come further, a while after, as a process that is killed does not come to it; and once more at its end. */
  function noteAlong({ clock, log }: { clock: Clock; log: Log }): { end(): Promise<void> } {
    let cancel: (() => void) | null = null;
    const note = () => {
      cancel = null;
      noteProgress().catch((error) =>
        log.error({ error }, 'how far the database has come could not be noted'),
      );
    };
    const ignore = database.onCommit(() => {
      cancel ??= clock.after(NOTED_WITHIN_MS, note);
    });
    return {
      end() {
        ignore();
        cancel?.();
        return noteProgress();
      },
    };
  }

  /** Lets a held gateway send again; what has become due since it is held counts as perhaps sent, too. */
  const release = (now: Date): Promise<void> =>
    atomically(function* (tx) {
      const [held] = yield* run(tx.select().from(t.instance).where(eq(t.instance.id, ID)));
      if (!held?.heldSince) return;
      // What was asked of the copy itself, the original has never seen.
      yield* doubtEverythingDue(tx, t, now, lte(t.campaigns.createdAt, held.heldSince));
      yield* run(tx.update(t.instance).set({ heldSince: null }).where(eq(t.instance.id, ID)));
    });

  return { takeOver, isUsable, noteAlong, release };
}

function once(tell: () => void): () => void {
  let isTold = false;
  return () => {
    if (!isTold) tell();
    isTold = true;
  };
}

/** What waits for the answer to a call: a gateway that is held makes none. */
function* tellAllPushes(tx: Queries, t: Tables): Step<void> {
  const accounts = yield* run(
    tx.selectDistinct({ appId: t.pushes.appId }).from(t.pushes).where(sql`${t.pushes.untold}`),
  );
  for (const { appId } of accounts) yield* tellPushes(tx, t, appId);
}

/** The original may have sent these since the copy was made: from the moment each was due. */
function* doubtEverythingDue(tx: Queries, t: Tables, now: Date, which?: SQL): Step<void> {
  const open = [SendStatus.PENDING, SendStatus.SUBMITTING];
  const due = yield* run(
    tx
      .select({
        id: t.jobs.id,
        scheduledAt: t.campaigns.scheduledAt,
        createdAt: t.campaigns.createdAt,
      })
      .from(t.jobs)
      .innerJoin(t.campaigns, eq(t.campaigns.id, t.jobs.campaignId))
      .where(
        and(
          inArray(t.jobs.status, open),
          or(isNull(t.campaigns.scheduledAt), lte(t.campaigns.scheduledAt, now)),
          which,
        ),
      ),
  );
  for (const { id, scheduledAt, createdAt } of due) {
    const since = scheduledAt ?? createdAt;
    const set = {
      status: SendStatus.UNKNOWN,
      unknownSince: since,
      submittedAt: since,
      failure: COPIED,
      nextAttemptAt: now,
    };
    yield* changeJob(tx, t, { id, from: open, set, at: now });
  }
  // Their calls may have gone out in time, of the original or of whoever is dead now; of those that wait, none is known to have.
  const called = { leaseUntil: null, sendBefore: null };
  yield* run(tx.update(t.jobs).set(called).where(isNotNull(t.jobs.leaseUntil)));
}
