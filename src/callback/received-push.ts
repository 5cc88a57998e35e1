import type { DeliveryResult } from '../campaigns/delivery-result.ts';

/** A verified push, ready to be stored. Every push of the account becomes one, whatever it is about. */
export interface ReceivedPush {
  appId: string;
  receivedAt: Date;
  /** Hex sha256 of the message as WeChat wrote it: repeated deliveries agree, although each is encrypted anew. */
  digest: string;
  msgType: string | null;
  event: string | null;
  /** The message as it came, decrypted, but for U+0000, which is U+FFFD here. */
  raw: string;
  /** Null for everything but a usable MASSSENDJOBFINISH. */
  result: DeliveryResult | null;
}

export interface PushInbox {
  /** Resolves once the push is stored, also when it was there already; rejects when it could not be. */
  receive(push: ReceivedPush): Promise<void>;
}
