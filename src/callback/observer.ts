export const PushKind = {
  /** The result of a send. */
  RESULT: 'RESULT',
  OTHER: 'OTHER',
  /** Delivered before. */
  REPEAT: 'REPEAT',
} as const;
export type PushKind = (typeof PushKind)[keyof typeof PushKind];

/** Who counts what comes. */
export interface CallbackObserver {
  /** Taken and stored. The lag is since WeChat made the push; null where the push does not say when that was. */
  pushReceived(kind: PushKind, lagSeconds: number | null): void;
  /** The reasons are a closed set of texts. */
  pushRefused(reason: string): void;
  oldTimestamp(): void;
}

export const nobodyCounts: CallbackObserver = { pushReceived() {}, pushRefused() {}, oldTimestamp() {} };
