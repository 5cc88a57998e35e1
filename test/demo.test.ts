import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { startProcess } from './kit/gateway-process.ts';

const DEMO = join(import.meta.dirname, '../demo/demo.ts');
const SECRET = '0123456789abcdef0123';

const demo = (url: string, env: Record<string, string> = {}) =>
  promisify(execFile)(process.execPath, [DEMO, url], { env: { PATH: process.env.PATH ?? '', ...env } });

it('plays a whole campaign in the demo, with a key where the gateway has keys', async () => {
  await using gateway = startProcess({ PORT: '0', API_KEYS: `demo:${SECRET}:send+read` });
  const { url } = await gateway.ready;
  await expect(demo(url)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/the demo ended early: .*API key/),
  });
  const { stdout } = await demo(url, { API_KEY: SECRET });
  expect(stdout).toMatch(/Copyright check: REPRINT_ALLOWED/);
  expect(stdout).toMatch(/Delivered to [1-9]\d* of \d+ followers/);
  expect(stdout).toMatch(/status: 'SENT'/);
});
