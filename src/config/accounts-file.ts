import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type AccountProfile, AccountType, documentedLimits } from '../campaigns/account.ts';
import { forwardUrl } from './callback.ts';
import { ConfigError, parseSettings } from './settings.ts';

/** An account with what is needed to speak for it. */
export interface AccountConfig extends AccountProfile {
  appSecret: string;
  callbackToken: string | null;
  encodingAesKey: string | null;
  encodingAesKeyPrevious: string | null;
  /** Where pushes go that are not for the gateway; null: nowhere. */
  callbackForwardUrl: string | null;
}

export const aesKey = z
  .string()
  .regex(/^[A-Za-z0-9]{43}$/, 'must be the 43 letters and digits of an EncodingAESKey');
export const accountType = z.enum(['service', 'subscription']);
const count = z.number().int().min(0);

const accountsFile = z
  .array(
    z.strictObject({
      appId: z.string().min(1),
      appSecret: z.string().min(1),
      name: z.string().min(1).optional(),
      type: accountType.default('service'),
      callbackToken: z.string().min(1),
      encodingAesKey: aesKey.optional(),
      encodingAesKeyPrevious: aesKey.optional(),
      callbackForwardUrl: forwardUrl.optional(),
      limits: z
        .strictObject({
          callsPerMinute: z.number().int().min(1),
          callsPerDay: count,
          sendsToAllPerDay: count.nullable(),
          sendsToAllPerMonth: count.nullable(),
          previewsPerDay: count,
        })
        .partial()
        .optional(),
    }),
  )
  .min(1);

/** Several accounts, from a JSON file. Throws `ConfigError`. */
export function readAccounts(path: string): AccountConfig[] {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // Not the parser's own words: they quote the file, secrets and all.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new ConfigError(`WECHAT_ACCOUNTS_FILE: ${path}: ${reason}`);
  }
  return parseSettings(accountsFile, content, `WECHAT_ACCOUNTS_FILE ${path}`).map((account) => {
    const type = account.type === 'service' ? AccountType.SERVICE : AccountType.SUBSCRIPTION;
    const limits = Object.fromEntries(
      Object.entries(account.limits ?? {}).filter(([, limit]) => limit !== undefined),
    );
    return {
      appId: account.appId,
      appSecret: account.appSecret,
      name: account.name ?? account.appId,
      type,
      limits: { ...documentedLimits[type], ...limits },
      callbackToken: account.callbackToken,
      encodingAesKey: account.encodingAesKey ?? null,
      encodingAesKeyPrevious: account.encodingAesKeyPrevious ?? null,
      callbackForwardUrl: account.callbackForwardUrl ?? null,
    };
  });
}
