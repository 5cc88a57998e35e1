import { join } from 'node:path';
import { writeAccountsFile } from './accounts.ts';
import { freePort } from './free-port.ts';

/** The settings of the gateway under proof, and where it will be. All lives have the same. */
export async function gatewaySettings(deps: { sandboxUrl: string; databaseUrl: string; folder: string }) {
  const accountsFile = join(deps.folder, 'accounts.json');
  writeAccountsFile(accountsFile);
  // The same over all lives, so that clients and WeChat find the next one where the last one was.
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
