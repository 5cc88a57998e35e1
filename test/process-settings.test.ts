import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { startProcess } from './kit/gateway-process.ts';

it.each([
  [{ PORT: 'many' }, /PORT/],
  [{ HOST: '0.0.0.0' }, /HOST: .*loopback/],
  [{ WECHAT_APP_ID: 'wx1', WECHAT_APP_SECRET: 'hush-hush' }, /WECHAT_CALLBACK_TOKEN: missing/],
  [{ DATABASE_URL: 'mysql://root:hush-hush@localhost/x' }, /DATABASE_URL: must be file:<path> or postgres:/],
])('ends with a clear line and no start with the settings %o', async (env, line) => {
  await using gateway = startProcess({ PORT: '0', ...env });
  const { code, stdout, stderr } = await gateway.ended;
  expect(code).toBe(78);
  expect(stdout).toBe('');
  expect(stderr.split('\n')[0]).toBe('qunfa cannot start with these settings:');
  expect(stderr).toMatch(line);
  expect(stderr.trim().split('\n')).toHaveLength(2);
  expect(stderr).not.toContain('hush-hush');
});

it('ends with a line of why where its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  await using gateway = startProcess({ PORT: String(port) });
  const { code, stdout } = await gateway.ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(/the gateway could not start/);
  expect(stdout).toMatch(/port \d+ is in use; set PORT to another/);
  expect(stdout).not.toContain('stack');
  other.close();
});

const API_KEYS = 'me:0123456789012345678901234567:admin';

it.each([
  [{ DATABASE_URL: 'file:/dev/null/qunfa.sqlite' }, /the folder of DATABASE_URL cannot be made: /],
  [{ DATABASE_URL: `file:${import.meta.dirname}` }, /the database of DATABASE_URL cannot be opened: /],
  [{ DATABASE_URL: `file:${import.meta.filename}` }, /the database of DATABASE_URL cannot be opened: /],
  [{ HOST: '192.0.2.1', API_KEYS }, /HOST 192.0.2.1 is no address of this machine/],
  [{ HOST: 'gateway.invalid', API_KEYS }, /HOST gateway.invalid is no address of this machine/],
])('ends with a line of why, and no stack, with %o', async (env, why) => {
  await using gateway = startProcess({ PORT: '0', ...env });
  const { code, stdout, stderr } = await gateway.ended;
  expect(code).toBe(1);
  expect(stdout).toMatch(why);
  expect(stdout).not.toContain('stack');
  expect(stderr).toBe('');
});

it.each([
  ['--help', 0, 'stdout'],
  ['--resum', 64, 'stderr'],
  ['resume', 64, 'stderr'],
] as const)('does not start with %s, and says what may be asked of it', async (asked, code, told) => {
  await using gateway = startProcess({ PORT: '0' }, { options: [asked] });
  const ended = await gateway.ended;
  expect(ended).toMatchObject({ code, stdout: '', stderr: '', [told]: expect.stringMatching(/--resume/) });
});

it('says in one line which Node it needs where it is started on an older one', async () => {
  const older = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })`;
  await using gateway = startProcess(
    {},
    { nodeOptions: ['--import', `data:text/javascript,${encodeURIComponent(older)}`] },
  );
  expect(await gateway.ended).toEqual({
    code: 1,
    signal: null,
    stdout: '',
    stderr:
      'qunfa needs Node 24 and this is 20.20.2: run "npm ci" and then "npm start", which bring their own.\n',
  });
});
