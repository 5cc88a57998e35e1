import { createSecretKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { digestOf } from '../src/access/api-key.ts';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/settings.ts';

const ONE = 'hush-one-0123456789abcdef';
const TWO = 'hush:two:0123456789abcdef';

const folder = mkdtempSync(join(tmpdir(), 'qunfa-config-keys-'));
const path = join(folder, 'keys');
afterAll(() => rmSync(folder, { recursive: true }));

const keysOf = (API_KEYS: string) => readConfig({ API_KEYS }).apiKeys;
const keysOfFile = (content: string) => {
  writeFileSync(path, content);
  return readConfig({ API_KEYS_FILE: path }).apiKeys;
};

function refusalOf(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('it was taken');
}

const one = { name: 'one', digest: digestOf(ONE), scopes: ['read'] };
const two = { name: 'two', digest: digestOf(TWO), scopes: ['read', 'send'] };

it('reads keys, and keeps their hashes alone', () => {
  const config = readConfig({ API_KEYS: ` one:${ONE}:read, two:${TWO}:read+send ,` });
  expect(config.apiKeys).toEqual([one, two]);
  expect(JSON.stringify(config)).not.toContain('hush');
});

it('takes the hash of a secret where somebody wants to keep the secret to themselves', () => {
  expect(keysOf(`one:sha256:${digestOf(ONE)}:read`)).toEqual([one]);
  expect(keysOf(`one:sha256:${digestOf(ONE).toUpperCase()}:read`)).toEqual([one]);
});

it('takes 64 hex digits for a secret, as openssl writes one', () => {
  const secret = '0f'.repeat(32);
  expect(keysOf(`one:${secret}:read`)).toEqual([{ ...one, digest: digestOf(secret) }]);
});

it('reads a file of keys, one a line, with what is said about them', () => {
  const content = `# the shop\none:${ONE}:read\n\n  # the app\r\n  two:${TWO}:read+send  \r\n`;
  expect(keysOfFile(content)).toEqual([one, two]);
});

describe('is refused, without a word of its secret,', () => {
  it.each([
    ['no scope', `one:${ONE}`, /name:secret:scope|at least 20/],
    ['a scope that there is not', `one:${ONE}:write`, /read, send or admin/],
    ['no scope after the plus', `one:${ONE}:read+`, /read, send or admin/],
    ['a scope in capitals', `one:${ONE}:READ`, /read, send or admin/],
    ['a short secret', 'one:hush-0123456789abcd:read', /at least 20/],
    ['a secret with a blank', `one:${ONE} hush:read`, /white space/],
    ['a secret that no header can carry', `one:${ONE}群发:read`, /white space/],
    ['half a hash', `one:sha256:hush0f0f:read`, /at least 20|64 hex/],
    ['no name', `:${ONE}:read`, /name:secret:scope/],
    ['a name with a blank', `o ne:${ONE}:read`, /name:secret:scope/],
    ['the name of nobody', `local:${ONE}:read`, /local means somebody else/],
    ['the name of the operator', `Operator:${ONE}:read`, /means somebody else/],
    ['a name twice', `one:${ONE}:read,one:${TWO}:read`, /key 2: the name one is taken/],
    ['a secret twice', `one:${ONE}:read,two:${ONE}:send`, /key 2: another key has the same secret/],
    ['no key at all', ' , ', /holds no key/],
  ])('a list with %s', (_, list, reason) => {
    const message = refusalOf(() => keysOf(list));
    expect(message).toMatch(/^API_KEYS: /);
    expect(message).toMatch(reason);
    expect(message.split('\n')).toHaveLength(1);
    expect(message).not.toContain('hush');
  });

  it.each([
    ['nothing but comments', `# one:${ONE}:read\n`, /holds no key/],
    ['a wrong line', `# first\none:${ONE}:read\ntwo:${TWO}\n`, /keys: line 3: /],
  ])('a file with %s', (_, content, reason) => {
    const message = refusalOf(() => keysOfFile(content));
    expect(message).toMatch(/^API_KEYS_FILE: /);
    expect(message).toMatch(reason);
    expect(message).not.toContain('hush');
  });

  it('a file that is not there', () => {
    const API_KEYS_FILE = join(folder, 'nothing');
    expect(refusalOf(() => readConfig({ API_KEYS_FILE, HOST: '0.0.0.0' }))).toBe(
      `API_KEYS_FILE: ${API_KEYS_FILE}: it cannot be read`,
    );
  });

  it('a list beside a file', () => {
    writeFileSync(path, `one:${ONE}:read`);
    const both = { API_KEYS: `two:${TWO}:read`, API_KEYS_FILE: path };
    expect(refusalOf(() => readConfig(both))).toMatch(/^API_KEYS: must not be set beside API_KEYS_FILE/);
  });
});

it('takes a key to encrypt with in hex and in base64', () => {
  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => index * 7));
  const texts = [bytes.toString('hex'), bytes.toString('hex').toUpperCase(), bytes.toString('base64')];
  for (const ENCRYPTION_KEY of texts) {
    const { encryptionKey } = readConfig({ ENCRYPTION_KEY });
    expect(encryptionKey?.equals(createSecretKey(bytes))).toBe(true);
  }
});
