import type { Config } from './config.ts';

/** The settings that are secrets as a whole. */
const SECRET_SETTINGS = ['ENCRYPTION_KEY', 'OTEL_EXPORTER_OTLP_HEADERS'];

/** Every secret among the settings that the process keeps; of API keys it keeps the hashes. None of them may be written anywhere. */
export function secretsOf(
  { accounts, databaseUrl }: Pick<Config, 'accounts' | 'databaseUrl'>,
  env: Record<string, string | undefined>,
): string[] {
  const ofAccounts = accounts.flatMap(
    ({ appSecret, callbackToken, encodingAesKey, encodingAesKeyPrevious }) => [
      appSecret,
      callbackToken,
      encodingAesKey,
      encodingAesKeyPrevious,
    ],
  );
  const others = SECRET_SETTINGS.map((name) => env[name]);
  const found = [...ofAccounts, ...passwordOf(databaseUrl), ...others];
  return found.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

/** As it is written, and as it is meant. */
function passwordOf(url: string): string[] {
  const { password } = URL.canParse(url) ? new URL(url) : { password: '' };
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
