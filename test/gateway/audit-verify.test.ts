import { describe, expect, it } from 'vitest';
import { type AuditVerdict, verifyAudit } from '../../src/access/verify-audit.ts';
import { createAuditStore } from '../../src/db/audit-store.ts';
import { openDatabase } from '../../src/db/open.ts';
import { verify } from '../kit/commands.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld, type World } from '../kit/world.ts';

/** What `npm run audit:verify` finds, without a process for it. */
async function verdictOn({ config }: World, head: string | null = null): Promise<AuditVerdict> {
  const database = await openDatabase(config.databaseUrl, () => {});
  const verdict = await verifyAudit(createAuditStore(database).after, head);
  await database.close();
  return verdict;
}

const headOf = async (world: World): Promise<string> =>
  (await world.query<any>('{ auditTrail { head } }')).auditTrail.head;

async function setSpeeds(world: World, count: number): Promise<void> {
  for (let level = 0; level < count; level++)
    await world.query(`mutation { setSpeed(level: ${level % 5}) { __typename } }`);
}

/** Somebody who owns the database, and so gets past its triggers. */
async function tamper(world: World, ...statements: string[]): Promise<void> {
  const { databaseUrl } = world.config;
  if (databaseUrl.startsWith('file:')) {
    const triggers = ['audit_no_update', 'audit_no_delete', 'audit_at_its_end'];
    for (const name of triggers) await runSql(databaseUrl, `drop trigger if exists ${name}`);
    for (const statement of statements) await runSql(databaseUrl, statement);
    return;
  }
  // The database serves other tests later, so its triggers stay where they are.
  for (const statement of statements)
    await runSql(databaseUrl, `set local session_replication_role = replica; ${statement}`);
}

it('finds the trail whole beside the running gateway, tells its head, and finds it again later', async () => {
  await using world = await createWorld();
  await setSpeeds(world, 2);
  const head = await headOf(world);
  expect(await verify(world.config.databaseUrl)).toEqual({
    code: 0,
    stdout: `4 rows are right; head ${head}\n`,
    stderr: '',
  });
  await setSpeeds(world, 1);
  await world.restart();
  expect(await verify(world.config.databaseUrl, '--head', head)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^6 rows are right/),
  });
});

describe('tells of', () => {
  it.each([
    ['a caller that was changed', [`update audit set caller = 'nobody' where id = 3`], 3],
    ['a time that was changed', [`update audit set at = '2026-01-01 00:00:00.000' where id = 4`], 4],
    ['an outcome that was changed', [`update audit set outcome = 'FORBIDDEN' where id = 2`], 2],
    ['a target that was added', [`update audit set target = 'cmp_x' where id = 1`], 1],
    ['a row that was deleted', ['delete from audit where id = 3'], 3],
    ['the first row that was deleted', ['delete from audit where id = 1'], 1],
    [
      'rows that were swapped',
      [
        'update audit set id = 99 where id = 3',
        'update audit set id = 3 where id = 5',
        'update audit set id = 5 where id = 99',
      ],
      3,
    ],
    [
      'a gap that was closed',
      [
        'delete from audit where id = 3',
        ...[4, 5, 6].map((id) => `update audit set id = ${id - 1} where id = ${id}`),
      ],
      3,
    ],
    ['a hash that was changed', [`update audit set hash = 'x' where id = 6`], 6],
  ])('%s, with the first row that is wrong', async (_, statements, id) => {
    await using world = await createWorld();
    await setSpeeds(world, 3);
    await tamper(world, ...statements);
    expect(await verdictOn(world)).toMatchObject({ rows: id - 1, wrong: { id } });
  });

  it('it by the code that the command ends with', async () => {
    await using world = await createWorld();
    await setSpeeds(world, 3);
    await tamper(world, `update audit set arguments = '{}' where id = 3`);
    expect(await verify(world.config.databaseUrl)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('2 rows are right'),
      stderr: expect.stringContaining('row 3 is wrong: '),
    });
  });

  it('an end that was cut off, where the head was noted before', async () => {
    await using world = await createWorld();
    await setSpeeds(world, 3);
    const head = await headOf(world);
    await tamper(world, 'delete from audit where id > 4');
    expect(await verdictOn(world)).toMatchObject({ rows: 4, wrong: null });
    expect(await verify(world.config.databaseUrl, '--head', head)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('its end was cut off'),
    });
    // What comes later does not bring it back.
    await setSpeeds(world, 3);
    expect(await verdictOn(world, head)).toMatchObject({ rows: 10, wrong: null, headFound: false });
  });

  it('everything gone, where the head was noted before', async () => {
    await using world = await createWorld();
    await setSpeeds(world, 1);
    const head = await headOf(world);
    await tamper(world, 'delete from audit');
    expect(await verdictOn(world, head)).toMatchObject({ rows: 0, wrong: null, headFound: false });
  });
});
