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

/** What traces are told: the others only count. */
export type Traced = Pick<Observer, 'operation' | 'takenIn' | 'attempt' | 'call' | 'push'>;

/** Tells both, each what it has a use for: metrics run nothing and look at no single push. */
export const both = (metrics: Observer, traces: Traced): Observer => ({
  ...metrics,
  operation(about) {
    const [measured, traced] = [metrics.operation(about), traces.operation(about)];
    return {
      run: traced.run,
      ended(kind, outcome) {
        measured.ended(kind, outcome);
        traced.ended(kind, outcome);
      },
    };
  },
  takenIn(send) {
    metrics.takenIn(send);
    traces.takenIn(send);
  },
  attempt: traces.attempt,
  call(call) {
    metrics.call(call);
    traces.call(call);
  },
  push: traces.push,
});
