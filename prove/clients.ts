import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxAccount } from '../src/sandbox/account-settings.ts';
import { ask, NoAnswerError } from './ask.ts';
import type { CampaignMix, Wish } from './campaign-mix.ts';
import type { Random } from './random.ts';

/** A wish and what the gateway said to it. */
export interface Intent extends Wish {
  /** Null where the client went away when the gateway did, and never heard. */
  answer: Answer | null;
}

export type Answer =
  | { kind: 'taken'; campaignId: string }
  /** The gateway refused it and says that nothing was stored. */
  | { kind: 'declined'; message: string }
  /** What must not happen: two answers to one wish, or an error that is none of the announced ones. */
  | { kind: 'broken'; message: string };

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess { campaign { id } }
    ... on WechatError { failedCampaign { id } }
    ... on Error { message }
  }
}`;

const CANCEL = `mutation ($id: ID!) { cancelCampaign(id: $id) { __typename } }`;

interface SendAnswer {
  massSend: {
    __typename: string;
    campaign?: { id: string };
    failedCampaign?: { id: string } | null;
    message?: string;
  };
}

/** How long somebody waits before they try a gateway again that is not there. */
const PAUSE_MS = 100;

/** People who send one campaign after the other. Some go away at the first trouble, some press the button twice. */
export function startClients(deps: {
  gatewayUrl: string;
  accounts: readonly SandboxAccount[];
  /** How many for each account. */
  each: number;
  nextWish: CampaignMix;
  random: Random;
}) {
  const { gatewayUrl, accounts, each, nextWish, random } = deps;
  const intents: Intent[] = [];
  let stopping = false;

  async function answerTo({ input, files }: Wish): Promise<Answer> {
    const { massSend } = await ask<SendAnswer>(gatewayUrl, SEND, { input }, files);
    const campaign = massSend.campaign ?? massSend.failedCampaign;
    return campaign
      ? { kind: 'taken', campaignId: campaign.id }
      : { kind: 'declined', message: `${massSend.__typename}: ${massSend.message}` };
  }

  /** Asks again until there is an answer, or until the error is one that `again` does not take. */
  async function insist<T>(question: () => Promise<T>, again = (_: NoAnswerError) => true): Promise<T> {
    for (;;) {
      try {
        return await question();
      } catch (error) {
        if (!(error instanceof NoAnswerError) || !again(error)) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }

  const send = (wish: Wish): Promise<Answer> => insist(() => answerTo(wish));

  /** Somebody who goes away when the gateway does, and never hears what became of it. */
  const sendOnce = (wish: Wish): Promise<Answer | null> =>
    insist(
      () => answerTo(wish),
      ({ wasNeverAsked }) => wasNeverAsked,
    ).catch((error) => {
      if (error instanceof NoAnswerError) return null;
      throw error;
    });

  /** Somebody who presses the button twice. */
  async function sendTwice(wish: Wish): Promise<Answer> {
    const [one, other] = await Promise.all([send(wish), send(wish)]);
    const agree = JSON.stringify(one) === JSON.stringify(other);
    return agree ? one : { kind: 'broken', message: `two answers: ${JSON.stringify([one, other])}` };
  }

  async function work(account: SandboxAccount): Promise<void> {
    while (!stopping) {
      const intent: Intent = { ...(await nextWish(account)), answer: null };
      intents.push(intent);
      const way = random.weighted<(wish: Wish) => Promise<Answer | null>>([
        [5, send],
        [4, sendOnce],
        [1, sendTwice],
      ]);
      intent.answer = await way(intent).catch((error) => ({ kind: 'broken', message: String(error) }));
      if (intent.answer?.kind === 'taken' && intent.isRegretted) await cancel(intent.answer.campaignId);
    }
  }

  const cancel = (id: string) => insist(() => ask(gatewayUrl, CANCEL, { id }));

  const working = accounts.flatMap((account) => Array.from({ length: each }, () => work(account)));
  const done = Promise.all(working);

  return {
    intents: intents as readonly Intent[],
    /** Rejects where a client broke. */
    done,
    /** Resolves when everybody has their last answer. */
    async stop(): Promise<void> {
      stopping = true;
      await done;
    },
  };
}
