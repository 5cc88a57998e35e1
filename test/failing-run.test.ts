import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const POSTGRES = join(import.meta.dirname, 'kit/postgres.ts');

it.each([0, 3])('leaves to a process that has had a Postgres how it ends: with %i', async (code) => {
  const script = `
    import { startPostgres } from ${JSON.stringify(POSTGRES)};
    const { stop } = await startPostgres();
    await stop();
    process.exitCode = ${code};`;
  const env: NodeJS.ProcessEnv = { ...process.env, TEST_DATABASE_URL: '' };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], { env, stdio: 'ignore' });
  expect((await once(child, 'exit'))[0]).toBe(code);
});
