import type { DeliveryResult } from '../campaigns/delivery-result.ts';
import type { Log } from '../log.ts';
import type { Observer } from '../observer.ts';

interface Push {
  appId: string;
  result: DeliveryResult | null;
}

/** An inbox that tells which campaign a result belongs to, once it is stored: the log and the traces know it by that. */
export function watchInbox<P extends Push, Receipt>(deps: {
  inbox: { receive(push: P): Promise<Receipt> };
  jobOf: (appId: string, msgId: string) => Promise<{ campaignId: string; jobId: string } | null>;
  observer: Pick<Observer, 'push'>;
  log: Log;
}): { receive(push: P): Promise<Receipt> } {
  const { inbox, jobOf, observer, log } = deps;
  return {
    async receive(push) {
      const { appId, result } = push;
      const observed = observer.push({ appId });
      try {
        const receipt = await inbox.receive(push);
        // The push is stored, and nothing that is only told of it may undo that.
        const job = result ? await jobOf(appId, result.msgId).catch(() => null) : null;
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
