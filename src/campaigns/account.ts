export const AccountType = { SUBSCRIPTION: 'SUBSCRIPTION', SERVICE: 'SERVICE' } as const;
export type AccountType = (typeof AccountType)[keyof typeof AccountType];

/** What an account may do in a span of time. Settings, not constants: WeChat changes them by account and over the years. */
export interface AccountLimits {
  callsPerMinute: number;
  callsPerDay: number;
  /** Of a day for subscription accounts, null where only the month counts. */
  sendsToAllPerDay: number | null;
  sendsToAllPerMonth: number | null;
  /** Previews addressed by WeChat name. */
  previewsPerDay: number;
}

/** An account as the domain sees it: no secrets. */
export interface AccountProfile {
  appId: string;
  name: string;
  type: AccountType;
  limits: AccountLimits;
}

/** The documented limits: a certified subscription account sends once a day, a service account four times a month to all. */
export const documentedLimits: Record<AccountType, AccountLimits> = {
  SUBSCRIPTION: {
    callsPerMinute: 60,
    callsPerDay: 1,
    sendsToAllPerDay: 1,
    sendsToAllPerMonth: null,
    previewsPerDay: 100,
  },
  SERVICE: {
    callsPerMinute: 60,
    callsPerDay: 100,
    sendsToAllPerDay: null,
    sendsToAllPerMonth: 4,
    previewsPerDay: 100,
  },
};
