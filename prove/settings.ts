import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { writeAccountsFile } from './accounts.ts';

/** The settings of the gateway under proof, and where it will be. All lives have the same. */
export async function gatewaySettings(deps: { sandboxUrl: string; databaseUrl: string; folder: string }) {
  const accountsFile = join(deps.folder, 'accounts.json');
  writeAccountsFile(accountsFile);
  const port = await freePort();
  const env: Record<string, string> = {
    PORT: String(port),
    DATABASE_URL: deps.databaseUrl,
    WECHAT_ACCOUNTS_FILE: accountsFile,
    WECHAT_API_BASE_URL: deps.sandboxUrl,
    WECHAT_TIMEOUT_MS: '300',
    RETRY_PAUSE_MS: '100',
    STATUS_POLL_MS: '200',
    LOG_LEVEL: 'error',
    NODE_COMPILE_CACHE: join(deps.folder, 'compiled'),
  };
  return { env, url: `http://127.0.0.1:${port}` };
}

/** Below those that systems hand out: one of these could be given to somebody else between two lives. */
const PORTS = { from: 20_000, count: 10_000 };

/** One that stays the same over all lives, so that clients and WeChat find the next one where the last one was. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + randomInt(PORTS.count);
    const probe = createServer().listen(port, '127.0.0.1');
    try {
      await once(probe, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      continue;
    }
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
