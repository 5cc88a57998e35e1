import { expect, it } from 'vitest';
import { silentLog } from '../../src/log.ts';
import { startGateway } from '../../src/server.ts';
import { verify } from '../kit/commands.ts';
import { runSql } from '../kit/sql.ts';
import { createWorld } from '../kit/world.ts';

interface OlderTables extends AsyncDisposable {
  /** Whether nobody has brought them up to date. */
  areUntouched(): Promise<boolean>;
}

/** Makes a database look as an older version of the gateway has left it. */
async function makeOlder(url: string): Promise<OlderTables> {
  const table = url.startsWith('file:') ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations';
  const newest = async () =>
    Number((await runSql(url, `select max(created_at) as newest from ${table}`))[0]?.newest);
  const at = await newest();
  const move = (from: number, to: number) =>
    runSql(url, `update ${table} set created_at = ${to} where created_at = ${from}`);
  await move(at, at - 1);
  return {
    areUntouched: async () => (await newest()) === at - 1,
    async [Symbol.asyncDispose]() {
      await move(at - 1, at);
    },
  };
}

it('is not ready on tables of another version, and a newer gateway leaves them alone while this one runs', async () => {
  await using world = await createWorld();
  await using tables = await makeOlder(world.config.databaseUrl);
  expect((await fetch(`${world.url}/readyz`)).status).toBe(503);
  const newer = startGateway({ config: world.config, clock: world.clock, log: silentLog });
  await expect(newer).rejects.toThrow('another gateway runs');
  expect(await tables.areUntouched()).toBe(true);
});

it('has scripts that leave tables of another version alone, and say so', async () => {
  await using world = await createWorld();
  await using tables = await makeOlder(world.config.databaseUrl);
  expect(await verify(world.config.databaseUrl)).toEqual({
    code: 1,
    stdout: '',
    stderr: 'the tables of DATABASE_URL are not those of this version: start its gateway on it\n',
  });
  expect(await tables.areUntouched()).toBe(true);
});
