import type { DeliveryCounts } from '../src/campaigns/delivery-result.ts';
import type { Sandbox } from '../src/sandbox/sandbox.ts';
import { onEvery } from './on-every.ts';

/** What the sandbox pushed about the result of a send. */
export interface ResultTold {
  counts: DeliveryCounts;
  /** The gateway said that it has it. Where it never did, it may have it all the same. */
  accepted: boolean;
  /** No attempt is to come. */
  settled: boolean;
}

const LAST_ATTEMPT = 3;

/** Takes down what was pushed, by msg_id. */
export function watchResults(sandbox: Sandbox): ReadonlyMap<string, ResultTold> {
  const results = new Map<string, ResultTold>();
  onEvery(sandbox, 'push', ({ xml, attempt, accepted }) => {
    const msgId = /<MsgID>(\d+)</.exec(xml)?.[1];
    if (msgId === undefined) return;
    const before = results.get(msgId);
    results.set(msgId, {
      counts: countsIn(xml),
      accepted: accepted || before?.accepted === true,
      settled: accepted || attempt === LAST_ATTEMPT || before?.settled === true,
    });
  });
  return results;
}

function countsIn(xml: string): DeliveryCounts {
  const count = (field: string) => Number(new RegExp(`<${field}>(\\d+)<`).exec(xml)?.[1]);
  return {
    total: count('TotalCount'),
    eligible: count('FilterCount'),
    sent: count('SentCount'),
    failed: count('ErrorCount'),
  };
}
