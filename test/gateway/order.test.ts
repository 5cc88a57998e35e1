import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DeliveryResult } from '../../src/campaigns/delivery-result.ts';
import type { Database } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { createSendHistory, MSG_DATA_ID, MSG_ID, type SendHistory } from '../kit/send-history.ts';

/** Thousands of commits, each of which a slow disk takes its time for. */
const LONG = { timeout: 600_000 };

let server: TestDatabase;
let database: Database;
let histories = 0;
const newHistory = (uploaded = true) => createSendHistory(database, `wx${histories++}`, uploaded);

beforeAll(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url, () => {});
  await database.migrate();
});
afterAll(async () => {
  await database.close();
  await server.drop();
});

const copyright = (articleIndex: number) => ({
  ...{ articleIndex, userDeclareState: 0, auditState: 2, originalArticleUrl: 'http://original' },
  ...{ originalArticleType: 1, canReprint: true, needReplaceContent: true, needShowReprintSource: true },
});

const result = (delivered: boolean, total = 100): DeliveryResult => ({
  msgId: MSG_ID,
  rawStatus: delivered ? 'send success' : 'err(20002)',
  delivered,
  failure: delivered ? null : { code: 20002, reason: 'suspected', rawStatus: 'err(20002)', retryable: false },
  counts: { total, eligible: 90, sent: 89, failed: 1 },
  copyrightCheck: { state: 'REPRINT_ALLOWED', results: [copyright(1), copyright(2)] },
  articleUrls: delivered
    ? [1, 2].map((articleIndex) => ({ articleIndex, url: `http://${articleIndex}` }))
    : [],
});

type Fact = 'answer' | 'callback' | 'poll' | 'delete';

const isBefore = (order: Fact[], one: Fact, other: Fact) =>
  order.includes(one) && order.indexOf(one) < order.indexOf(other);

interface Case {
  /** Whether the send succeeded, so that it can be deleted from here. */
  delivered: boolean;
  /** The first call is answered; or its answer was lost and a repetition is told 45065; or it comes after the send was given up. */
  call: 'answered' | 'repeated' | 'given up';
  /** Its articles were uploaded here; else only the result event tells of them. */
  uploaded: boolean;
  order: Fact[];
}

async function play({ delivered, call, uploaded, order }: Case) {
  const history = await newHistory(uploaded);
  let claim = await history.claim();
  if (call !== 'answered') await history.lose(claim, call === 'repeated');
  const success = delivered ? 'SEND_SUCCESS' : 'SEND_FAIL';
  // Nothing here can take down a deletion before the id is known, but WeChat tells it to whoever asks later.
  const seen = isBefore(order, 'delete', 'answer') ? 'DELETE' : success;
  const facts: Record<Fact, () => Promise<void>> = {
    async answer() {
      if (call === 'repeated') claim = await history.claim();
      await history.accept(claim, call === 'repeated' ? null : MSG_DATA_ID);
    },
    async callback() {
      await history.push(result(delivered));
    },
    poll: () => history.see(seen),
    // WeChat deletes on demand what was sent, and has been seen to say so of other sends by itself.
    delete: () => (delivered ? history.remove() : history.see('DELETE')),
  };
  for (const fact of order) await facts[fact]();
  // The poller asks for as long as it is told to.
  if (await history.isPollDue()) await history.see(order.includes('delete') ? 'DELETE' : success);
  expect(await history.isPollDue()).toBe(false);
  return history.outcome();
}

const usual: Fact[] = ['answer', 'poll', 'callback', 'delete'];
const cases = fc
  .record({
    delivered: fc.boolean(),
    call: fc.constantFrom('answered' as const, 'repeated' as const, 'given up' as const),
    uploaded: fc.boolean(),
    others: fc.subarray(['callback', 'poll', 'delete'] satisfies Fact[]),
  })
  .chain(({ others, ...rest }) => {
    const facts: Fact[] = ['answer', ...others];
    return fc.record({
      delivered: fc.constant(rest.delivered),
      call: fc.constant(rest.call),
      uploaded: fc.constant(rest.uploaded),
      order: fc.shuffledSubarray(facts, { minLength: facts.length }),
    });
  })
  // Nobody can delete by an id that nobody has seen: before the answer it is told by a result event only, and by that only once no
  // answer is to come.
  .filter(
    ({ call, order }) =>
      !order.includes('delete') ||
      isBefore(order, 'answer', 'delete') ||
      (call === 'given up' && isBefore(order, 'callback', 'delete')),
  );

it('leaves a send in the same state for every order of answer, callback, poll and delete', LONG, async () => {
  await fc.assert(
    fc.asyncProperty(cases, async (given) => {
      const order = usual.filter((fact) => given.order.includes(fact));
      expect(await play(given)).toEqual(await play({ ...given, order }));
    }),
    { numRuns: 120 },
  );
});

it('ends as the last facts say: deleted before all, else as the result event has it, else as WeChat was asked', async () => {
  const status = async (given: Case) => (await play(given)).campaign.status;
  const base = { call: 'answered', delivered: true, uploaded: true } as const;
  expect(await status({ ...base, order: ['answer', 'callback', 'delete'] })).toBe('DELETED');
  expect(await status({ ...base, order: ['answer', 'callback'] })).toBe('SENT');
  expect(await status({ ...base, order: ['callback', 'answer'] })).toBe('SENT');
  expect(await status({ ...base, delivered: false, order: ['answer', 'callback'] })).toBe('FAILED');
  expect(await status({ ...base, order: ['answer'] })).toBe('SENT');
});

it('has the last of several result events as the current one, whenever the answer comes', async () => {
  const pushes = [result(true), result(false), result(true, 120)];
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(pushes, { minLength: 3 }),
      fc.nat({ max: 3 }),
      fc.boolean(),
      async (order, answeredAfter, lost) => {
        const history = await newHistory();
        let claim = await history.claim();
        if (lost) await history.lose(claim, true);
        for (const [index, push] of [...order, null].entries()) {
          if (index === answeredAfter) {
            if (lost) claim = await history.claim();
            await history.accept(claim, null);
          }
          if (push) await history.push(push);
        }
        const last = order.at(-1);
        const { job, campaign, finished } = await history.outcome();
        expect(job).toMatchObject({
          status: last?.delivered ? 'SENT' : 'FAILED',
          failure: last?.failure ?? null,
          totalCount: last?.counts?.total,
          recipients: last?.counts?.total,
        });
        expect(campaign).toMatchObject({ status: job.status, recipients: job.recipients });
        expect(finished).toEqual(Array(3).fill({ msgId: MSG_ID, known: true }));
      },
    ),
    { numRuns: 40 },
  );
});

it('does not mind in which order a call that was given up and its repetition come to an end', async () => {
  const ends = ['late answer', 'repetition', 'callback'] as const;
  const play = async (order: readonly (typeof ends)[number][], repetition: 'told 45065' | 'lost') => {
    const history: SendHistory = await newHistory();
    const first = await history.claim();
    await history.abandon();
    const second = await history.claim();
    for (const end of order) {
      if (end === 'late answer') await history.accept(first, MSG_DATA_ID);
      else if (end === 'callback') await history.push(result(true));
      else if (repetition === 'lost') await history.lose(second, true);
      else await history.accept(second, null);
    }
    if (await history.isPollDue()) await history.see('SEND_SUCCESS');
    return history.outcome();
  };
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray([...ends], { minLength: 3 }),
      fc.constantFrom('told 45065' as const, 'lost' as const),
      async (order, repetition) => {
        const outcome = await play(order, repetition);
        expect(outcome).toEqual(await play(ends, repetition));
        expect(outcome.job).toMatchObject({ status: 'SENT', failure: null, msgDataId: MSG_DATA_ID });
        expect(outcome.articles.map(({ articleMsgid }) => articleMsgid)).toEqual([
          `${MSG_DATA_ID}_1`,
          `${MSG_DATA_ID}_2`,
        ]);
      },
    ),
    { numRuns: 24 },
  );
});
