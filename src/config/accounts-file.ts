import * as z from 'zod';
import { type AccountProfile, AccountType, documentedLimits } from '../campaigns/account.ts';
import { readJsonFile, webAddress } from './settings.ts';

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

const account = z.strictObject({
  appId: z.string().min(1),
  appSecret: z.string().min(1),
  name: z.string().min(1).optional(),
  type: accountType.default('service'),
  callbackToken: z.string().min(1),
  encodingAesKey: aesKey.optional(),
  encodingAesKeyPrevious: aesKey.optional(),
  callbackForwardUrl: webAddress.optional(),
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
});

/** Several accounts, from a JSON file. Throws `ConfigError`. */
export const readAccounts = (path: string): AccountConfig[] =>
  readJsonFile(z.array(account).min(1), 'WECHAT_ACCOUNTS_FILE', path).map(accountOf);

/** What is left out is not set, or as WeChat documents it. */
export function accountOf({ type: word, limits, ...set }: z.infer<typeof account>): AccountConfig {
  const type = word === 'service' ? AccountType.SERVICE : AccountType.SUBSCRIPTION;
  return {
    ...set,
    name: set.name ?? set.appId,
    type,
    limits: { ...documentedLimits[type], ...limits },
    encodingAesKey: set.encodingAesKey ?? null,
    encodingAesKeyPrevious: set.encodingAesKeyPrevious ?? null,
    callbackForwardUrl: set.callbackForwardUrl ?? null,
  };
}
