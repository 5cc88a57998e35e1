import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createEventLog } from '../../src/events/event-log.ts';
import { silentLog } from '../../src/log.ts';
import { createFakeClock } from '../kit/fake-clock.ts';
import { createMemoryStore, type MemoryEvent } from './memory-store.ts';

type Step =
  | { kind: 'commit'; campaigns: (string | null)[] }
  | { kind: 'join'; reader: number; after: 'live' | 'first' | 'last seen'; campaignId: string | undefined }
  | { kind: 'leave'; reader: number; how: 'return' | 'abort' }
  | { kind: 'tick' };

const campaign = fc.constantFrom<(string | null)[]>('one', 'two', null);
const reader = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('commit' as const),
    // Now and then more than is read at once, or kept at hand.
    campaigns: fc.oneof(
      { weight: 8, arbitrary: fc.array(campaign, { minLength: 1, maxLength: 5 }) },
      { weight: 8, arbitrary: fc.constant<(string | null)[]>([null]) },
      { weight: 1, arbitrary: fc.array(campaign, { minLength: 190, maxLength: 410, size: 'max' }) },
      { weight: 1, arbitrary: fc.array(campaign, { minLength: 1_001, maxLength: 1_300, size: 'max' }) },
    ),
  }),
  fc.record({
    kind: fc.constant('join' as const),
    reader,
    after: fc.constantFrom('live' as const, 'first' as const, 'last seen' as const),
    campaignId: fc.constantFrom(undefined, 'one'),
  }),
  fc.record({
    kind: fc.constant('leave' as const),
    reader,
    how: fc.constantFrom('return' as const, 'abort' as const),
  }),
  fc.record({ kind: fc.constant('tick' as const) }),
);

/** One subscription from its beginning to its end, and what it was given. */
interface Reading {
  campaignId: string | undefined;
  /** Events up to this one must not be given. */
  from: number;
  /** Events up to this one may be left out: they were committed before it was attached. */
  attachedAt: number;
  seen: MemoryEvent[];
  leave(how: 'return' | 'abort'): void;
}

/** Until nothing is under way any more: no read of the store, and nobody who takes what was read. */
async function rest(scheduler: fc.Scheduler): Promise<void> {
  do {
    await scheduler.waitIdle();
    await new Promise(setImmediate);
  } while (scheduler.count() > 0);
}

const ids = (events: MemoryEvent[]) => events.map(({ id }) => id).join(' ');

it('gives every subscriber every event in order, none twice and none left out, however commits, reads and reconnects fall', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(step, { maxLength: 60, size: 'max' }),
      async (scheduler, steps) => {
        const store = createMemoryStore(() => scheduler.schedule(Promise.resolve()));
        const log = createEventLog({
          store,
          clock: createFakeClock(),
          onCommit: store.onCommit,
          log: silentLog,
        });
        const head = () => store.events.at(-1)?.id ?? 0;
        const present = new Map<number, Reading>();
        const readings: Reading[] = [];

        function join(after: number | undefined, campaignId: string | undefined, slow: boolean): Reading {
          const gone = new AbortController();
          const opening = log.subscribe({
            ...(after === undefined ? {} : { after }),
            ...(campaignId === undefined ? {} : { campaignId }),
            signal: gone.signal,
          });
          const reading: Reading = {
            campaignId,
            from: after ?? head(),
            attachedAt: after ?? Number.POSITIVE_INFINITY,
            seen: [],
            leave(how) {
              if (how === 'abort') gone.abort();
              else void opening.then((events) => events.return?.());
            },
          };
          void opening.then(async (events) => {
            if (after === undefined) reading.attachedAt = head();
            for await (const event of events) {
              reading.seen.push(event);
              if (slow) await scheduler.schedule(Promise.resolve());
            }
          });
          readings.push(reading);
          return reading;
        }

        const act = (step: Step): void => {
          if (step.kind === 'commit') store.commit(...step.campaigns);
          if (step.kind === 'join') {
            const before = present.get(step.reader);
            before?.leave('abort');
            const last = before?.seen.at(-1)?.id ?? before?.from ?? 0;
            const after = { live: undefined, first: 0, 'last seen': last }[step.after];
            present.set(step.reader, join(after, step.campaignId, step.reader === 0));
          }
          if (step.kind === 'leave') {
            present.get(step.reader)?.leave(step.how);
            present.delete(step.reader);
          }
        };
        scheduler.scheduleSequence(
          steps.map((step, index) => ({ label: `${index} ${step.kind}`, builder: async () => act(step) })),
        );
        await rest(scheduler);

        const wantedBy = ({ campaignId }: Reading, from: number) =>
          store.events.filter((event) => event.id > from && (!campaignId || event.campaignId === campaignId));
        for (const reading of readings) {
          const [first] = reading.seen;
          const begun = first ? wantedBy(reading, first.id - 1) : [];
          // No gap, no repetition, nothing out of order, nothing from before.
          expect(ids(reading.seen)).toBe(ids(begun.slice(0, reading.seen.length)));
          expect(first?.id ?? Number.POSITIVE_INFINITY).toBeGreaterThan(reading.from);
        }
        for (const reading of present.values()) {
          const must = wantedBy(reading, reading.attachedAt);
          expect(ids(reading.seen.slice(-must.length || reading.seen.length))).toBe(ids(must));
        }
        expect(log.subscribers()).toBe(present.size);
        for (const reading of present.values()) reading.leave('return');
        await rest(scheduler);
        expect(log.subscribers()).toBe(0);
      },
    ),
    { numRuns: 400 },
  );
});
