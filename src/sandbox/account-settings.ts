/** `null` means no limit. Days and months are Beijing's. */
export interface SandboxLimits {
  /** Mass sends within any sixty seconds; 45011 beyond. */
  callsPerMinute: number;
  /** Mass sends that were accepted; 45009 beyond. */
  callsPerDay: number;
  /** Sends to all that were accepted; 45028 beyond. */
  sendsToAllPerDay: number | null;
  sendsToAllPerMonth: number | null;
  /** Previews by WeChat name; 45009 beyond. */
  previewsPerDay: number;
  /** What one follower receives; beyond that the follower is filtered out, and the send goes on. */
  messagesPerFollowerPerMonth: number | null;
}

export interface SandboxAccount {
  appId: string;
  appSecret: string;
  type: 'service' | 'subscription';
  /** Signs the pushes. Without it nothing is pushed. */
  callbackToken?: string;
  /** 43 characters. */
  encodingAesKey?: string;
  /** Where events are pushed; it can be set later, too. */
  callbackUrl?: string;
  /** @default 'encrypted' with an `encodingAesKey`, else 'plain' */
  pushMode?: 'plain' | 'encrypted' | 'compatible';
  /** `false`: `stable_token` answers 48001, so that a client has to fall back to `token`. @default true */
  stableToken?: boolean;
  /** Those that are left out are the documented ones of the account's type. */
  limits?: Partial<SandboxLimits>;
  /** OpenIDs that the account has, followers or not. @default 5000 */
  followers?: number;
}

const documentedLimits: Record<SandboxAccount['type'], SandboxLimits> = {
  subscription: {
    callsPerMinute: 60,
    callsPerDay: 1,
    sendsToAllPerDay: 1,
    sendsToAllPerMonth: null,
    previewsPerDay: 100,
    messagesPerFollowerPerMonth: null,
  },
  service: {
    callsPerMinute: 60,
    callsPerDay: 100,
    sendsToAllPerDay: null,
    sendsToAllPerMonth: 4,
    previewsPerDay: 100,
    messagesPerFollowerPerMonth: 4,
  },
};

export const limitsOf = ({ type, limits }: SandboxAccount): SandboxLimits => ({
  ...documentedLimits[type],
  ...limits,
});
