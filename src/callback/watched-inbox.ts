import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';
import type { PushInbox, PushReceipt, ReceivedPush } from './received-push.ts';

/** Stores pushes, and knows which job a result belongs to; null where it belongs to none. */
export interface KnowingInbox {
  receive(push: ReceivedPush): Promise<{
    receipt: PushReceipt;
    job: { campaignId: string; jobId: string } | null;
    /** It is to be told later. */
    waits: boolean;
  }>;
}

/** An inbox that tells which campaign a result belongs to, once it is stored: the log and the traces know it by that. */
export function watchInbox(deps: {
  inbox: KnowingInbox;
  /** There is a result of this account that is to be told later. */
  onWaiting: (appId: string) => void;
  observer: Pick<Observer, 'push'>;
  log: Log;
}): PushInbox {
  const { inbox, onWaiting, observer, log } = deps;
  return {
    async receive(push) {
      const { appId, result } = push;
      const observed = observer.push({ appId });
      try {
        const { receipt, job, waits } = await inbox.receive(push);
        if (waits) onWaiting(appId);
        observed.ended(job ?? {}, true);
        if (job) log.info({ appId, ...job, msgId: result?.msgId }, 'the result of a send is stored');
        return receipt;
      } catch (error) {
        observed.ended({}, false);
        throw error;
      }
    },
  };
}
