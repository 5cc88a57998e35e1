import { type ChildProcess, execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { World } from './world.ts';

/** One of the scripts that are run by hand, with no settings but these. */
function run(
  script: string,
  args: string[],
  env: Record<string, string>,
  onStart: (child: ChildProcess) => void = () => {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const path = join(import.meta.dirname, '../../scripts', script);
  const running = promisify(execFile)(process.execPath, [path, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
  });
  onStart(running.child);
  return running.then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
}

/** `npm run sync`, with real time and the settings of the world's gateway. */
export const sync = (
  world: World,
  args: string[],
  env: Record<string, string> = {},
  onStart?: (child: ChildProcess) => void,
) =>
  run(
    'sync.ts',
    args,
    {
      DATABASE_URL: world.config.databaseUrl,
      WECHAT_API_BASE_URL: world.sandbox.url,
      WECHAT_APP_ID: world.appId,
      WECHAT_APP_SECRET: 'a secret of the first account',
      WECHAT_CALLBACK_TOKEN: 'callbacktoken',
      ...env,
    },
    onStart,
  );

/** `npm run audit:verify`. */
export const verify = (databaseUrl: string, ...args: string[]) =>
  run('audit-verify.ts', args, { DATABASE_URL: databaseUrl });
