export const SendStatus = {
  PENDING: 'PENDING',
  SUBMITTING: 'SUBMITTING',
  UNKNOWN: 'UNKNOWN',
  SENDING: 'SENDING',
  SENT: 'SENT',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
  DELETED: 'DELETED',
} as const;
export type SendStatus = (typeof SendStatus)[keyof typeof SendStatus];

/** The change that a fact brings, and the states a job may be in to take it. */
export const changeableFrom = {
  claim: ['PENDING'],
  expire: ['PENDING'],
  retryLater: ['SUBMITTING'],
  cancel: ['PENDING'],
  stop: ['PENDING'],
  loseTrack: ['SUBMITTING'],
  refuse: ['SUBMITTING', 'UNKNOWN'],
  accept: ['SUBMITTING', 'UNKNOWN'],
  settle: ['UNKNOWN'],
  // A poll only says whether; the result event says it with figures and reasons, so it may correct a poll, never the reverse.
  poll: ['SENDING'],
  finish: ['SENDING', 'SENT', 'FAILED'],
  delete: ['SENDING', 'SENT', 'FAILED'],
} as const satisfies Record<string, readonly SendStatus[]>;

const underWay: ReadonlySet<SendStatus> = new Set(['PENDING', 'SUBMITTING', 'UNKNOWN', 'SENDING']);

export const isFinal = (status: SendStatus): boolean => !underWay.has(status);

/** The status of a campaign over its jobs, in their order. */
export function campaignStatus(jobs: readonly { status: SendStatus; msgId: string | null }[]): SendStatus {
  const [first] = jobs;
  if (!first) throw new Error('a campaign without jobs has no status');
  if (jobs.some((job) => job.status === SendStatus.UNKNOWN)) return SendStatus.UNKNOWN;
  if (jobs.length === 1) return first.status;
  const has = (status: SendStatus) => jobs.some((job) => job.status === status);
  if (has(SendStatus.SUBMITTING) || has(SendStatus.SENDING)) return SendStatus.SENDING;
  if (has(SendStatus.PENDING)) {
    return jobs.some((job) => job.msgId !== null) ? SendStatus.SENDING : SendStatus.PENDING;
  }
  return has(SendStatus.SENT) ? SendStatus.SENT : first.status;
}
