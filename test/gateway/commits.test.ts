import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type Database, run } from '../../src/db/database.ts';
import { openDatabase } from '../../src/db/open.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';

let server: TestDatabase;
let database: Database;
beforeEach(async () => {
  server = await createTestDatabase();
  database = await openDatabase(server.url, () => {});
  await database.migrate();
});
afterEach(async () => {
  await database.close();
  await server.drop();
});

const keep = (signature: string, fails = false) => {
  const { atomically, tables: t } = database;
  return atomically(function* (tx) {
    const [row] = yield* run(
      tx
        .insert(t.plainSignatures)
        .values({ appId: 'wx', signature, digest: 'digest' })
        .returning({ id: t.plainSignatures.id }),
    );
    if (fails) throw new Error(`${signature} fails`);
    return row?.id;
  });
};

const kept = async (): Promise<string[]> => {
  const { read, tables: t } = database;
  const rows = await read.select().from(t.plainSignatures).orderBy(t.plainSignatures.id);
  return rows.map(({ signature }) => signature);
};

it('commits what comes in one turn once, in its order', async () => {
  let commits = 0;
  database.onCommit(() => commits++);
  const ids = await Promise.all(['one', 'two', 'three'].map((name) => keep(name)));
  expect(commits).toBe(1);
  expect(ids).toEqual(ids.toSorted());
  expect(await kept()).toEqual(['one', 'two', 'three']);
});

it('commits together those who come back one by one after they were answered together', async () => {
  let commits = 0;
  database.onCommit(() => commits++);
  await Promise.all(Array.from({ length: 16 }, (_, index) => keep(`first ${index}`)));
  // The millisecond that is waited for those who come back is over when the test says so.
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  const first = keep('again 0');
  // Turns of the event loop that bring nobody.
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
  const second = keep('again 1');
  vi.runAllTimers();
  vi.useRealTimers();
  await Promise.all([first, second]);
  expect(commits).toBe(2);
});

it('answers nobody before the commit', async () => {
  const order: string[] = [];
  database.onCommit(() => order.push('committed'));
  await Promise.all(['one', 'two'].map((name) => keep(name).then(() => order.push(name))));
  expect(order).toEqual(['committed', 'one', 'two']);
});

it.each(['throws', 'is refused by the database'])('keeps all others where one %s', async (how) => {
  await keep('known');
  const odd = how === 'throws' ? keep('odd', true) : null;
  const settled = await Promise.allSettled([keep('one'), odd ?? keep('known'), keep('two')]);
  expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await kept()).toEqual(['known', 'one', 'two']);
});

it('finishes what is under way when it closes', async () => {
  const writing = keep('last');
  await database.close();
  await expect(writing).resolves.toBeTypeOf('number');
  database = await openDatabase(server.url, () => {});
  await database.migrate();
  expect(await kept()).toEqual(['last']);
});
