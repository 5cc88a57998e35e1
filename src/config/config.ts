import { createSecretKey, type KeyObject } from 'node:crypto';
import * as z from 'zod';
import type { ApiKey } from '../access/api-key.ts';
import { type AccountConfig, accountOf, accountType, aesKey, readAccounts } from './accounts-file.ts';
import { apiKeysOf } from './api-keys.ts';
import { forwardAllow } from './callback.ts';
import { isCloseTo } from './close-names.ts';
import { ConfigError, list, parseSettings, readJsonFile, webAddress } from './settings.ts';
import { unfitSettings } from './unfit-settings.ts';

export interface Config {
  host: string;
  port: number;
  databaseUrl: string;
  /** Empty: no account is configured, and the built-in sandbox stands in. */
  accounts: readonly AccountConfig[];
  wechatApiBaseUrl: string;
  wechatTimeoutMs: number;
  retryPauseMs: number;
  statusPollMs: number;
  /** Null: none, and the gateway is open to whoever reaches it. */
  apiKeys: readonly ApiKey[] | null;
  /** Where the keys are read again from. */
  apiKeysFile: string | null;
  /** What stored access tokens are encrypted with. Null: they are stored as they are. */
  encryptionKey: KeyObject | null;
  /** A push that WeChat signed longer ago is told of. */
  callbackMaxAgeMs: number;
  /** Host names, addresses and networks that pushes may be passed on to although they are not public. */
  callbackForwardAllow: readonly string[];
  corsOrigins: readonly string[];
  /** No keys: whoever reaches the gateway may do everything. */
  open: boolean;
  introspection: boolean;
  /** By their ids. Null: any document is served. */
  trustedDocuments: ReadonlyMap<string, string> | null;
  /** Of a request without its files, in bytes. */
  bodyLimit: number;
  logLevel: (typeof LOG_LEVELS)[number];
  /** Where traces go; null: nowhere. */
  otlpEndpoint: string | null;
  /** Names that look like settings and are none. */
  unknownNames: readonly string[];
}

const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

/** A path may stand before WeChat's own, where a proxy has it; whatever else is in it would be lost. */
const isPlainAddress = (text: string): boolean => {
  // Whatever is no address is told of already.
  if (!URL.canParse(text)) return true;
  const { username, password, search, hash } = new URL(text);
  return `${username}${password}${search}${hash}` === '';
};

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const MIB = 1024 * 1024;

const milliseconds = z.coerce.number().int().min(1).max(3_600_000);
/** 32 bytes, as `openssl rand -hex 32` or `openssl rand -base64 32` write them. */
const encryptionKey = z
  .string()
  .regex(/^(?:[\da-fA-F]{64}|[A-Za-z0-9+/]{43}=?)$/, 'must be 32 bytes in hex or base64')
  .transform((text) => createSecretKey(Buffer.from(text, text.length === 64 ? 'hex' : 'base64')));
const environment = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  DATABASE_URL: z
    .string()
    .regex(/^(?:file:.|postgres(?:ql)?:\/\/)/, 'must be file:<path> or postgres://…')
    .default('file:./data/qunfa.sqlite'),
  WECHAT_APP_ID: z.string().optional(),
  WECHAT_APP_SECRET: z.string().optional(),
  WECHAT_ACCOUNT_NAME: z.string().optional(),
  WECHAT_ACCOUNT_TYPE: accountType.default('service'),
  WECHAT_CALLBACK_TOKEN: z.string().optional(),
  WECHAT_ENCODING_AES_KEY: aesKey.optional(),
  WECHAT_ENCODING_AES_KEY_PREVIOUS: aesKey.optional(),
  WECHAT_ACCOUNTS_FILE: z.string().optional(),
  WECHAT_API_BASE_URL: webAddress
    .refine(isPlainAddress, 'must be an address without a user, a query or a fragment')
    .default('https://api.weixin.qq.com'),
  WECHAT_TIMEOUT_MS: milliseconds.default(10_000),
  RETRY_PAUSE_MS: milliseconds.default(60_000),
  STATUS_POLL_MS: milliseconds.default(60_000),
  API_KEYS_FILE: z.string().optional(),
  ENCRYPTION_KEY: encryptionKey.optional(),
  CALLBACK_MAX_AGE_MS: milliseconds.default(600_000),
  CALLBACK_FORWARD_URL: webAddress.optional(),
  CALLBACK_FORWARD_ALLOW: forwardAllow,
  CORS_ORIGINS: list
    .refine(
      (origins) => origins.every(isOrigin),
      'must be origins as browsers send them, like https://app.example.com, separated by commas',
    )
    .default([]),
  INTROSPECTION: z.enum(['on', 'off']).optional(),
  TRUSTED_DOCUMENTS: z.string().optional(),
  /** 8 MB are a quarter of a million OpenIDs; longer lists come as a file. */
  BODY_LIMIT: z.coerce
    .number()
    .int()
    .min(1_024)
    .max(256 * MIB)
    .default(8 * MIB),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  OTEL_EXPORTER_OTLP_ENDPOINT: webAddress.optional(),
});

const documentsFile = z.record(z.string().min(1), z.string());

/** Only told of: a cluster gives every process names of its own, after its services. */
const OURS = /^(?:WECHAT|CALLBACK)_/;

const names = [...Object.keys(environment.shape), 'API_KEYS'];

const isUnknown = (name: string): boolean =>
  !names.includes(name) && (OURS.test(name) || isCloseTo(name, names));

/** Reads the settings from an environment. Throws `ConfigError` naming every setting that is wrong. */
export function readConfig(env: Record<string, string | undefined>): Config {
  // An empty line in an .env file is a setting that is not made.
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const { keys, problems } = apiKeysOf(set);
  const values = parseSettings(environment, set, '', [...unfitSettings(set), ...problems]);
  const accounts = values.WECHAT_ACCOUNTS_FILE
    ? readAccounts(values.WECHAT_ACCOUNTS_FILE)
    : singleAccount(values);
  const names = accounts.map(({ appId }) => appId);
  if (new Set(names).size !== names.length)
    throw new ConfigError('WECHAT_ACCOUNTS_FILE: an appId stands there twice');
  const open = keys === null;
  return Object.freeze({
    host: values.HOST,
    port: values.PORT,
    databaseUrl: values.DATABASE_URL,
    accounts: Object.freeze(accounts),
    wechatApiBaseUrl: values.WECHAT_API_BASE_URL,
    wechatTimeoutMs: values.WECHAT_TIMEOUT_MS,
    retryPauseMs: values.RETRY_PAUSE_MS,
    statusPollMs: values.STATUS_POLL_MS,
    apiKeys: keys && Object.freeze(keys),
    apiKeysFile: values.API_KEYS_FILE ?? null,
    encryptionKey: values.ENCRYPTION_KEY ?? null,
    callbackMaxAgeMs: values.CALLBACK_MAX_AGE_MS,
    callbackForwardAllow: Object.freeze(values.CALLBACK_FORWARD_ALLOW),
    corsOrigins: Object.freeze(values.CORS_ORIGINS),
    open,
    introspection: values.INTROSPECTION === undefined ? open : values.INTROSPECTION === 'on',
    trustedDocuments: values.TRUSTED_DOCUMENTS ? readDocuments(values.TRUSTED_DOCUMENTS) : null,
    bodyLimit: values.BODY_LIMIT,
    logLevel: values.LOG_LEVEL,
    otlpEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT ?? null,
    unknownNames: Object.keys(set).filter(isUnknown),
  });
}

/** Where introspection is off it would know of nothing, and beside trusted documents it could ask for nothing. */
export const showsGraphiql = (settings: Pick<Config, 'introspection' | 'trustedDocuments'>): boolean =>
  settings.introspection && settings.trustedDocuments === null;

/** As graphql-codegen and relay-compiler write them. */
const readDocuments = (path: string): ReadonlyMap<string, string> =>
  new Map(Object.entries(readJsonFile(documentsFile, 'TRUSTED_DOCUMENTS', path)));

function singleAccount(values: z.infer<typeof environment>): AccountConfig[] {
  const { WECHAT_APP_ID: appId, WECHAT_APP_SECRET: appSecret, WECHAT_CALLBACK_TOKEN: callbackToken } = values;
  if (!appId || !appSecret || !callbackToken) return [];
  return [
    accountOf({
      appId,
      appSecret,
      name: values.WECHAT_ACCOUNT_NAME,
      type: values.WECHAT_ACCOUNT_TYPE,
      callbackToken,
      encodingAesKey: values.WECHAT_ENCODING_AES_KEY,
      encodingAesKeyPrevious: values.WECHAT_ENCODING_AES_KEY_PREVIOUS,
      callbackForwardUrl: values.CALLBACK_FORWARD_URL,
    }),
  ];
}
