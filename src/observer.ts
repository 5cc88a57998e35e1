export type Transport = 'http' | 'sse' | 'websocket';
export type OperationKind = 'query' | 'mutation' | 'subscription' | 'unread';
/** `refused`: it did not come as far as being executed. */
export type OperationOutcome = 'ok' | 'errors' | 'refused';

export interface ObservedOperation {
  /** Runs what belongs to the operation. */
  run<T>(work: () => T): T;
  ended(kind: OperationKind, outcome: OperationOutcome): void;
}

/** Why a push was refused. */
export const PushRefusal = {
  /** The account takes none. */
  DISABLED: 'disabled',
  /** Plain where it must be encrypted, or the other way round. */
  MODE: 'mode',
  ACCOUNT: 'account',
  METHOD: 'method',
  SIZE: 'size',
  REPLAY: 'replay',
  SIGNATURE: 'signature',
  APP: 'app',
  DOCTYPE: 'doctype',
  UNREADABLE: 'unreadable',
} as const;
export type PushRefusal = (typeof PushRefusal)[keyof typeof PushRefusal];

/** What becomes of a push that is taken. */
export const PushKind = {
  /** The result of a send. */
  RESULT: 'result',
  OTHER: 'other',
  /** Delivered before. */
  REPEAT: 'repeat',
} as const;
export type PushKind = (typeof PushKind)[keyof typeof PushKind];

/** What is known of a push without its contents. */
export interface ObservedPush {
  appId: string;
  campaignId: string | null;
  jobId: string | null;
}

/** How a call to WeChat ended. */
export interface ObservedCall {
  appId: string;
  endpoint: string;
  jobId: string | null;
  at: Date;
  durationMs: number;
  /** 0 for a success, null where no answer came that could be read. */
  code: number | null;
}

/**
 * Told of what happens, so that it can be measured and traced. Nothing that a client or WeChat wrote is handed over but ids, and no
 * function throws.
 */
export interface Observer {
  /** @param traceparent as the request carries it */
  operation(about: { transport: Transport; traceparent: string | null }): ObservedOperation;
  /** A send was taken in, or found taken in before. */
  takenIn(send: { appId: string; campaignId: string; replayed: boolean }): void;
  /** One try to hand a job to WeChat. */
  attempt<T extends { kind: string }>(
    job: { id: string; campaignId: string; appId: string },
    run: () => Promise<T>,
  ): Promise<T>;
  call(call: ObservedCall): void;
  /** @param lagSeconds from when WeChat made it to its arrival; null where it does not say */
  pushReceived(kind: PushKind, lagSeconds: number | null): void;
  pushRefused(reason: PushRefusal): void;
  /** The timestamp of a push is older than it should be. */
  oldTimestamp(): void;
  /** @returns told when the push is stored, or is not */
  push(about: { appId: string }): { ended(push: Partial<ObservedPush>, stored: boolean): void };
}

/** Tells both. */
export function both(one: Observer, other: Observer): Observer {
  return {
    operation(about) {
      const [first, second] = [one.operation(about), other.operation(about)];
      return {
        run: (work) => first.run(() => second.run(work)),
        ended(kind, outcome) {
          first.ended(kind, outcome);
          second.ended(kind, outcome);
        },
      };
    },
    takenIn(send) {
      one.takenIn(send);
      other.takenIn(send);
    },
    attempt: (job, run) => one.attempt(job, () => other.attempt(job, run)),
    call(call) {
      one.call(call);
      other.call(call);
    },
    pushReceived(kind, lagSeconds) {
      one.pushReceived(kind, lagSeconds);
      other.pushReceived(kind, lagSeconds);
    },
    pushRefused(reason) {
      one.pushRefused(reason);
      other.pushRefused(reason);
    },
    oldTimestamp() {
      one.oldTimestamp();
      other.oldTimestamp();
    },
    push(about) {
      const [first, second] = [one.push(about), other.push(about)];
      return {
        ended(push, stored) {
          first.ended(push, stored);
          second.ended(push, stored);
        },
      };
    },
  };
}
