import { randomBytes } from 'node:crypto';
import type { AccountProfile } from '../src/campaigns/account.ts';
import type { SubmissionOutcome } from '../src/campaigns/submission.ts';
import type { IntentStore } from '../src/delivery/intake.ts';
import type { SubmissionStore } from '../src/delivery/submission-store.ts';
import type { WechatClient } from '../src/wechat/client.ts';
import type { Around } from './kill-points.ts';

/** Mistakes that other engines have made. The proof is worth something if it finds them. */
export const brokenEngines = {
  /** WeChat is called before the intent is stored. */
  'no-intent': callFirst,
  /** Every try has a clientmsgid of its own. */
  'fresh-clientmsgid': forgetClientMsgId,
  /** What WeChat puts off is over. */
  'gives-up': giveUp,
} as const satisfies Record<string, (accounts: readonly AccountProfile[]) => Around>;
export type BrokenEngine = keyof typeof brokenEngines;

export const isBrokenEngine = (name: string): name is BrokenEngine => Object.hasOwn(brokenEngines, name);

export const breakEngine = (name: BrokenEngine, accounts: readonly AccountProfile[]): Around =>
  brokenEngines[name](accounts);

function callFirst(accounts: readonly AccountProfile[]): Around {
  /** In the order of the accounts, as `startGateway` makes them. */
  const clients: WechatClient[] = [];
  const early = new Map<string, SubmissionOutcome>();
  return (name, part) => {
    if (name === 'wechat') {
      const client = part as unknown as WechatClient;
      clients.push(client);
      const submit: WechatClient['submit'] = async (jobId, request, ...rest) => {
        const outcome = early.get(jobId);
        early.delete(jobId);
        return outcome ?? client.submit(jobId, request, ...rest);
      };
      return { ...part, submit };
    }
    if (name !== 'intents') return part;
    const store: IntentStore['store'] = async (intent, asked) => {
      const client = clients[accounts.findIndex(({ appId }) => appId === intent.campaign.appId)];
      // What is scheduled would give it away too easily.
      for (const { id, request } of intent.campaign.scheduledAt ? [] : intent.jobs) {
        if (client && request) early.set(id, await client.submit(id, request));
      }
      return (part as unknown as IntentStore).store(intent, asked);
    };
    return { ...part, store };
  };
}

function forgetClientMsgId(): Around {
  return (name, part) => {
    if (name !== 'wechat') return part;
    const client = part as unknown as WechatClient;
    const submit: WechatClient['submit'] = (jobId, { endpoint, body }, ...rest) => {
      const fresh = { ...JSON.parse(body), clientmsgid: randomBytes(14).toString('hex') };
      return client.submit(jobId, { endpoint, body: JSON.stringify(fresh) }, ...rest);
    };
    return { ...part, submit };
  };
}

function giveUp(): Around {
  return (name, part) => {
    if (name !== 'submissions') return part;
    const store = part as unknown as SubmissionStore;
    const retryLater: SubmissionStore['retryLater'] = (claim, failure, at) =>
      store.refuse(claim, failure, false, at);
    return { ...part, retryLater };
  };
}
