import { expect, it } from 'vitest';
import type { ViewReader } from '../../src/db/view-reader.ts';
import { createExports, STALL_MS } from '../../src/export/exports.ts';
import { createFakeClock } from '../kit/fake-clock.ts';

it('breaks off where the database fails in the middle, logs it once, and makes room for the next', async () => {
  const errors: object[] = [];
  const log = { debug() {}, info() {}, warn() {}, error: (context: object) => void errors.push(context) };
  const failure = new Error('the database is away');
  const reader: ViewReader = {
    // biome-ignore lint/correctness/useYield: it fails before it has anything to give
    async *read() {
      throw failure;
    },
  };
  const exports = createExports(reader, log, createFakeClock());
  for (let attempt = 1; attempt <= 5; attempt++) {
    const result = exports('/export/bi_calendar.csv', new URLSearchParams());
    if (result.status !== 200) throw new Error(result.reason);
    const read = Array.fromAsync(result.pieces);
    await expect(read).rejects.toThrow(failure);
    expect(errors).toEqual(Array(attempt).fill({ error: failure }));
  }
});

it('runs four at once, and lets go of one whose reader goes away', async () => {
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const exports = createExports(
    {
      async *read() {
        yield [['2026-06-01', 2026, '2026-06', '2026-W23', 1]];
      },
    },
    log,
    createFakeClock(),
  );
  const start = async () => {
    const result = exports('/export/bi_calendar.csv', new URLSearchParams());
    if (result.status !== 200) return result.status;
    await result.pieces.next();
    return result.pieces;
  };
  const running = [await start(), await start(), await start(), await start()];
  expect(await start()).toBe(503);
  const [first] = running;
  if (typeof first === 'number' || !first) throw new Error('it was refused');
  await first.return(undefined);
  expect(await start()).not.toBe(503);
});

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

it.each([
  'form=2026-06-01',
  'From=2026-06-01',
  'from=2026-06-01&from=2026-06-02',
  'account=wx1',
  '__proto__=1',
])('answers no file where it is asked for by something else than days: %s', (query) => {
  const exports = createExports({ async *read() {} }, quiet, createFakeClock());
  expect(exports('/export/bi_campaigns.csv', new URLSearchParams(query))).toMatchObject({ status: 400 });
});

it.each([
  ['=1+1', `'=1+1`],
  ['＝1+1', `'＝1+1`],
  ['＠SUM(1)', `'＠SUM(1)`],
  ['\n=1+1', `"'\n=1+1"`],
  ['a;=1+1', `"a;=1+1"`],
  ['a\t=1+1', `"a\t=1+1"`],
  ['1；2', '1；2'],
])('writes a text that a spreadsheet could calculate with as text: %j', async (text, written) => {
  const exports = createExports(
    {
      async *read() {
        yield [[text]];
      },
    },
    quiet,
    createFakeClock(),
  );
  const result = exports('/export/bi_campaigns.csv', new URLSearchParams());
  if (result.status !== 200) throw new Error(result.reason);
  const [, line] = await Array.fromAsync(result.pieces);
  expect(line).toBe(`${written}\r\n`);
});

it('lets go of the database where nobody reads on, and breaks off for who comes back', async () => {
  const clock = createFakeClock();
  let open = 0;
  const exports = createExports(
    {
      async *read() {
        open++;
        try {
          for (;;) yield [['2026-06-01', 2026, '2026-06', '2026-W23', 1]];
        } finally {
          open--;
        }
      },
    },
    quiet,
    clock,
  );
  const start = () => exports('/export/bi_calendar.csv', new URLSearchParams());
  const running = [];
  for (let count = 0; count < 4; count++) {
    const result = start();
    if (result.status !== 200) throw new Error(result.reason);
    // The first piece is the header.
    await result.pieces.next();
    await result.pieces.next();
    running.push(result.pieces);
  }
  expect(open).toBe(4);
  expect(start()).toMatchObject({ status: 503 });
  await clock.advance(STALL_MS - 1);
  await running[0]?.next();
  await clock.advance(1);
  expect(open).toBe(1);
  expect(start()).toMatchObject({ status: 200 });
  await expect(running[1]?.next()).rejects.toThrow('nothing was read');
  await running[0]?.return(undefined);
  expect(open).toBe(0);
});
