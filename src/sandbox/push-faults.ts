import type { SendResult } from './send.ts';

/** What goes wrong with one MASSSENDJOBFINISH; several fields may stand together, and `{}` is a push as usual. */
export interface PushFault {
  /** Never pushed. */
  lost?: true;
  /** Pushed a second time, the same. */
  twice?: true;
  /** The send is done at once, and its push delivered before its own answer goes out. */
  early?: true;
  /** Pushed so many milliseconds after the send was done. */
  late?: number;
  /** The `Status` in place of the sandbox's own, `err(10001)` for example. */
  status?: string;
  /** Pushed a second time with these contents. */
  again?: Partial<SendResult>;
}

/** The push faults to come. Every accepted send takes one. */
export function createPushFaults() {
  const script: PushFault[] = [];
  return {
    add: (faults: readonly PushFault[]): void => void script.push(...faults),
    take: (): PushFault => script.shift() ?? {},
  };
}
