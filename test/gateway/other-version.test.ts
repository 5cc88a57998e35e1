import { expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { startGateway } from '../../src/server.ts';
import { verify } from '../kit/commands.ts';
import { createTestDatabase } from '../kit/database.ts';
import { startProcess } from '../kit/gateway-process.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld } from '../kit/world.ts';

interface OtherTables extends AsyncDisposable {
  /** Whether nobody has brought them up to date. */
  areUntouched(): Promise<boolean>;
}

/** Makes a database look as an older version of the gateway has left it, or a later one. */
async function makeOther(url: string, by: -1 | 1): Promise<OtherTables> {
  const table = url.startsWith('file:') ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations';
  const newest = async () =>
    Number((await runSql(url, `select max(created_at) as newest from ${table}`))[0]?.newest);
  const at = await newest();
  const move = (from: number, to: number) =>
    runSql(url, `update ${table} set created_at = ${to} where created_at = ${from}`);
  await move(at, at + by);
  return {
    areUntouched: async () => (await newest()) === at + by,
    async [Symbol.asyncDispose]() {
      await move(at + by, at);
    },
  };
}

it('is not ready on tables of another version, and a newer gateway leaves them alone while this one runs', async () => {
  await using world = await createWorld();
  await using tables = await makeOther(world.config.databaseUrl, -1);
  expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
  const newer = startGateway({ config: world.config, clock: world.clock, log: silentLog });
  await expect(newer).rejects.toThrow('another gateway runs');
  expect(await tables.areUntouched()).toBe(true);
});

it('has scripts that leave tables of another version alone, and say so', async () => {
  await using world = await createWorld();
  await using tables = await makeOther(world.config.databaseUrl, -1);
  expect(await verify(world.config.databaseUrl)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'the tables of DATABASE_URL are not those of this version: start its gateway on it\n',
  });
  expect(await tables.areUntouched()).toBe(true);
});

it('does not start on tables of a later version, which would not know of what it does', async () => {
  const database = await createTestDatabase();
  await using tables = await makeOther(database.url, 1);
  await using gateway = startProcess({ PORT: '0', DATABASE_URL: database.url });
  expect(await gateway.ended).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('the tables of DATABASE_URL are those of a later version'),
  });
  expect(await tables.areUntouched()).toBe(true);
  expect(await verify(database.url)).toMatchObject({
    code: 1,
    stderr: 'the tables of DATABASE_URL are those of a later version: use its scripts\n',
  });
});
