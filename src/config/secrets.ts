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
  const headers = headerValuesOf(env.OTEL_EXPORTER_OTLP_HEADERS ?? '');
  const found = [...ofAccounts, ...passwordsOf(databaseUrl), ...others, ...headers];
  return found.filter((secret) => typeof secret === 'string' && secret !== '') as string[];
}

/** Also of `?password=`. Not every address that works is a `URL`: of a socket it has no host. */
function passwordsOf(url: string): string[] {
  if (url.startsWith('file:')) return [];
  const [place = '', parameters = ''] = url.split('?');
  const inPlace = /\/\/[^:@]*:(.*)@/.exec(place)?.[1] ?? '';
  const asked = parameters.split('&').filter((part) => part.startsWith('password='));
  return [inPlace, ...asked.map((part) => part.slice('password='.length))].flatMap(writtenAndMeant);
}

/** Of `name=value,name=value`. Whoever fails with a header writes it without what stands around it there. */
const headerValuesOf = (headers: string): string[] =>
  headers.split(',').flatMap((header) => writtenAndMeant(header.slice(header.indexOf('=') + 1).trim()));

function writtenAndMeant(text: string): string[] {
  try {
    return [text, decodeURIComponent(text)];
  } catch {
    return [text];
  }
}
