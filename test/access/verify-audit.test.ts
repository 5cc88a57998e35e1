import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AuditEntry,
  AuditOutcome,
  type AuditRow,
  chainHash,
  GENESIS,
} from '../../src/access/audit-entry.ts';
import { verifyAudit } from '../../src/access/verify-audit.ts';

const AT = new Date('2026-11-24T03:00:00.123Z');

const text = fc.option(fc.string({ maxLength: 20 }), { nil: null });
const entry: fc.Arbitrary<AuditEntry> = fc.record({
  at: fc.integer({ min: 0, max: 9_999 }).map((after) => new Date(AT.getTime() + after)),
  caller: fc.string(),
  address: text,
  action: fc.string(),
  appId: text,
  target: text,
  outcome: fc.constantFrom(...Object.values(AuditOutcome)),
  askedIn: fc.option(fc.nat(), { nil: null }),
  requestId: text,
  arguments: text,
});

function chainOf(entries: AuditEntry[]): AuditRow[] {
  let previous = GENESIS;
  return entries.map((each, index) => {
    const row = { ...each, id: index + 1 };
    previous = chainHash(previous, row);
    return { ...row, hash: previous };
  });
}

const chains = fc.array(entry, { minLength: 2, maxLength: 12 }).map(chainOf);

/** Some rows at a time, so that chains are longer than that. */
const verify = (rows: AuditRow[], head: string | null = null) =>
  verifyAudit(async (id, limit) => rows.filter((row) => row.id > id).slice(0, limit), head, 3);

describe('a chain', () => {
  it('is right as it was written, and every hash it ever had is in it', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (rows, at) => {
        const head = rows.at(-1)!.hash;
        const noted = rows[at % rows.length]!.hash;
        const right = { rows: rows.length, head, wrong: null };
        expect(await verify(rows)).toEqual({ ...right, headFound: null });
        expect(await verify(rows, noted)).toEqual({ ...right, headFound: true });
      }),
    );
  });

  it('is wrong at the row of which anything was changed', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), entry, fc.nat(), async (rows, at, other, which) => {
        const position = at % rows.length;
        const column = Object.keys(other)[which % Object.keys(other).length] as keyof AuditEntry;
        const changed = { ...rows[position]!, [column]: other[column] };
        fc.pre(JSON.stringify(changed) !== JSON.stringify(rows[position]));
        const verdict = await verify(rows.with(position, changed));
        expect(verdict.wrong?.id).toBe(position + 1);
        expect(verdict.rows).toBe(position);
      }),
    );
  });

  it('is wrong where a row is missing, but for the last ones, which only a noted head tells', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (rows, at) => {
        const position = at % rows.length;
        const verdict = await verify(rows.toSpliced(position, 1), rows.at(-1)!.hash);
        if (position < rows.length - 1) expect(verdict.wrong?.id).toBe(position + 1);
        else expect(verdict).toMatchObject({ wrong: null, headFound: false });
      }),
    );
  });

  it('is wrong where rows were numbered anew to hide that one is missing', async () => {
    await fc.assert(
      fc.asyncProperty(chains, fc.nat(), async (rows, at) => {
        const position = at % (rows.length - 1);
        const left = rows.toSpliced(position, 1).map((row, index) => ({ ...row, id: index + 1 }));
        expect((await verify(left)).wrong?.id).toBe(position + 1);
      }),
    );
  });

  it('that was written anew from some row on is right, and a noted head tells', async () => {
    await fc.assert(
      fc.asyncProperty(chains, async (rows) => {
        const forged = chainOf(
          rows.map((row, index) => (index === 0 ? { ...row, caller: 'x-forged' } : row)),
        );
        const verdict = await verify(forged, rows.at(-1)!.hash);
        expect(verdict).toMatchObject({ wrong: null, headFound: false });
      }),
    );
  });

  it('has no row before the first', async () => {
    const rows = chainOf([{ ...BLANK }, { ...BLANK }]);
    const before = { ...BLANK, id: 0, hash: 'x' };
    expect((await verify([before, ...rows])).wrong?.id).toBe(0);
  });
});

const BLANK: AuditEntry = {
  at: AT,
  caller: 'a',
  address: null,
  action: 'b',
  appId: null,
  target: null,
  outcome: 'DONE',
  askedIn: null,
  requestId: null,
  arguments: null,
};

it('of nothing is right', async () => {
  expect(await verify([])).toEqual({ rows: 0, head: GENESIS, wrong: null, headFound: null });
});

it('is hashed as it was on the first day: what was noted then must be found for ever', () => {
  expect(chainHash(GENESIS, { ...BLANK, id: 1 })).toMatchInlineSnapshot(
    `"794a83e2ef5306c4e2a6bfca1991a9ef0c464cd173ef49631904b465b71d2a18"`,
  );
});
