import { readFileSync } from 'node:fs';
import { type ApiKey, digestOf, Nobody } from '../access/api-key.ts';
import { isScope } from '../access/scope.ts';
import { ConfigError } from './settings.ts';

/** Twenty characters drawn by chance cannot be guessed. */
const SHORTEST_SECRET = 20;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** What a header can carry. */
const SECRET = /^[\x21-\x7e]+$/;
const DIGEST = /^sha256:([\da-f]{64})$/i;

interface Read {
  keys: ApiKey[];
  /** One for every key that is wrong, without its secret. */
  problems: string[];
}

/** @param where what to call each of them, from 0 */
function readKeys(texts: readonly string[], where: (index: number) => string): Read {
  const read: Read = { keys: [], problems: [] };
  for (const [index, text] of texts.entries()) {
    if (text === '') continue;
    const key = readKey(text);
    if (typeof key === 'string') read.problems.push(`${where(index)}: ${key}`);
    else if (read.keys.some(({ name }) => name === key.name))
      read.problems.push(`${where(index)}: the name ${key.name} is taken`);
    else if (read.keys.some(({ digest }) => digest === key.digest))
      read.problems.push(`${where(index)}: another key has the same secret`);
    else read.keys.push(key);
  }
  return read;
}

/** The key, or what is wrong with it. The secret is between the first colon and the last, and may hold some. */
function readKey(text: string): ApiKey | string {
  const [, name = '', secret = '', scopes = ''] = /^([^:]*):(.*):([^:]*)$/.exec(text) ?? [];
  if (!NAME.test(name)) return 'must be name:secret:scope, the name of letters, digits, ".", "_" and "-"';
  if (Object.values(Nobody).some((taken) => taken === name.toLowerCase()))
    return `the name ${name} means somebody else in the audit trail`;
  const digest = DIGEST.exec(secret)?.[1]?.toLowerCase();
  if (digest === undefined && (secret.length < SHORTEST_SECRET || !SECRET.test(secret)))
    return `the secret must be at least ${SHORTEST_SECRET} characters without white space, or sha256: and 64 hex digits`;
  const named = scopes.split('+');
  if (!named.every(isScope)) return 'the scope must be read, send or admin, or several joined by +';
  return { name, digest: digest ?? digestOf(secret), scopes: named };
}

/** The keys of the environment; null where it speaks of none, and the gateway is open. */
export function apiKeysOf(set: Record<string, string | undefined>): {
  keys: readonly ApiKey[] | null;
  problems: string[];
} {
  const { API_KEYS: list, API_KEYS_FILE: path } = set;
  if (list && path)
    return { keys: null, problems: ['API_KEYS: must not be set beside API_KEYS_FILE, which has the keys'] };
  if (path) return readFile(path);
  if (!list) return { keys: null, problems: [] };
  const texts = list.split(',').map((text) => text.trim());
  const { keys, problems } = readKeys(texts, (index) => `API_KEYS: key ${index + 1}`);
  return { keys, problems: isNone(keys, problems) ? ['API_KEYS: holds no key'] : problems };
}

const isNone = (keys: ApiKey[], problems: string[]): boolean => keys.length === 0 && problems.length === 0;

function readFile(path: string): Read {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch {
    return { keys: [], problems: [`API_KEYS_FILE: ${path}: it cannot be read`] };
  }
  const lines = content.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()));
  const { keys, problems } = readKeys(lines, (index) => `API_KEYS_FILE: ${path}: line ${index + 1}`);
  // An empty file is a slip, and must not open the gateway to everybody.
  return { keys, problems: isNone(keys, problems) ? [`API_KEYS_FILE: ${path}: holds no key`] : problems };
}

/** The keys of `API_KEYS_FILE` as it is now. Throws `ConfigError`. */
export function readKeysFile(path: string): readonly ApiKey[] {
  const { keys, problems } = readFile(path);
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return keys;
}
