import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';

interface Push {
  appId: string;
  result: DeliveryResult | null;
}

/** Stores pushes, and knows which job a result belongs to; null where it belongs to none. */
export interface KnowingInbox<P extends Push, Receipt> {
  receive(push: P): Promise<{ receipt: Receipt; job: { campaignId: string; jobId: string } | null }>;
}

/** An inbox that tells which campaign a result belongs to, once it is stored: the log and the traces know it by that. */
export function watchInbox<P extends Push, Receipt>(deps: {
  inbox: KnowingInbox<P, Receipt>;
  observer: Pick<Observer, 'push'>;
  log: Log;
}): { receive(push: P): Promise<Receipt> } {
  const { inbox, observer, log } = deps;
  return {
    async receive(push) {
      const { appId, result } = push;
      const observed = observer.push({ appId });
      try {
        const { receipt, job } = await inbox.receive(push);
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
