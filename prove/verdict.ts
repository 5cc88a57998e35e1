import { isFinal, SendStatus } from '../src/campaigns/status.ts';
import type { SandboxSend } from '../src/sandbox/send.ts';
import { markOf } from './campaign-mix.ts';
import type { CampaignTold } from './campaigns-told.ts';
import type { Intent } from './clients.ts';
import type { ResultTold } from './results-told.ts';

/** What there is to compare once everything is over. */
export interface Evidence {
  intents: readonly Intent[];
  campaigns: readonly CampaignTold[];
  /** All that WeChat accepted. */
  sends: readonly SandboxSend[];
  /** What WeChat pushed, by msg_id. */
  results: ReadonlyMap<string, ResultTold>;
}

/** What became of a wish. */
export const Finding = {
  ONCE: 'accepted by WeChat exactly once',
  REFUSED: 'refused, and WeChat has none',
  EXPIRED: 'expired, and WeChat has none',
  CANCELED: 'canceled, and WeChat has none',
  DECLINED: 'declined by the gateway, and WeChat has none',
  NEVER_TAKEN: 'not taken in before its client went away, and WeChat has none',
  DOUBLED: 'doubled',
  LOST: 'lost',
  GIVEN_UP: 'given up without a reason',
  UNKNOWN: 'unknown after reconciliation',
  WRONG_FIGURES: 'with other figures than WeChat told',
  BROKEN_ANSWER: 'with a wrong answer to its client',
} as const;
export type Finding = (typeof Finding)[keyof typeof Finding];

/** None of these may be. */
export const offences: ReadonlySet<Finding> = new Set([
  Finding.DOUBLED,
  Finding.LOST,
  Finding.GIVEN_UP,
  Finding.UNKNOWN,
  Finding.WRONG_FIGURES,
  Finding.BROKEN_ANSWER,
]);

export interface Judged {
  finding: Finding;
  /** Which wish, and what is wrong with it. */
  about: string;
}

/** Compares what was asked for, what the gateway says and what WeChat has: one finding for every wish, and for every send that nobody asked for. */
export function judge({ intents, campaigns, sends, results }: Evidence): Judged[] {
  const campaignOf = new Map(campaigns.map((campaign) => [campaign.idempotencyKey, campaign]));
  const sendsOf = Map.groupBy(sends, (send) => markOf(send.body));
  const asked = new Set(intents.map(({ mark }) => mark));

  const judged = intents.map((intent) => {
    const campaign = campaignOf.get(intent.key);
    const its = sendsOf.get(intent.mark) ?? [];
    const { finding, why } = campaign
      ? judgeTaken(intent, campaign, its, results)
      : judgeNotTaken(intent, its);
    const told = campaign ? JSON.stringify(campaign) : 'no campaign';
    return {
      finding,
      about: `${intent.key}: ${why}\n  ${told}\n  at WeChat: ${its.map(describe).join(', ') || 'none'}`,
    };
  });
  const strays = sends
    .filter((send) => !asked.has(markOf(send.body)))
    .map((send) => ({ finding: Finding.LOST, about: `nobody asked for this: ${describe(send)}` }));
  return [...judged, ...strays];
}

interface Reasoned {
  finding: Finding;
  why: string;
}

function judgeTaken(
  intent: Intent,
  { id, status, jobs }: CampaignTold,
  sends: readonly SandboxSend[],
  results: Evidence['results'],
): Reasoned {
  const { answer } = intent;
  if (new Set(sends.map(contentOf)).size < sends.length)
    return is(Finding.DOUBLED, 'WeChat has it more than once');
  if (!isFinal(status)) return is(Finding.UNKNOWN, `it is ${status}`);
  const accepted = jobs.filter(({ msgId }) => msgId !== null);
  const foreign = accepted.find((job) => !sends.some((send) => send.msgId === job.msgId));
  if (foreign) return is(Finding.LOST, `WeChat has no send ${foreign.msgId} of it`);
  const missed = sends.find((send) => !accepted.some((job) => job.msgId === send.msgId));
  if (missed) return is(Finding.LOST, `WeChat has ${missed.msgId}, which the campaign does not know`);
  const other = sends.find((send) => accepted.some((job) => job.msgId === send.msgId && !agree(job, send)));
  if (other) return is(Finding.LOST, `WeChat says ${other.status}`);
  if (accepted.some((job) => !figuresAgree(job, results.get(job.msgId!)))) {
    return is(Finding.WRONG_FIGURES, 'the result event said something else');
  }
  const givenUp = jobs.find((job) => job.msgId === null && !hasReason(job, intent));
  if (givenUp) return is(Finding.GIVEN_UP, `a job of it is ${givenUp.status}`);
  if (answer?.kind === 'broken') return is(Finding.BROKEN_ANSWER, answer.message);
  if (answer?.kind === 'declined')
    return is(Finding.BROKEN_ANSWER, `declined (${answer.message}), but stored`);
  if (answer?.kind === 'taken' && answer.campaignId !== id) {
    return is(Finding.BROKEN_ANSWER, `the answer named ${answer.campaignId}`);
  }
  if (sends.length > 0) return is(Finding.ONCE, '');
  if (status === SendStatus.EXPIRED) return is(Finding.EXPIRED, '');
  return is(status === SendStatus.CANCELED ? Finding.CANCELED : Finding.REFUSED, '');
}

function judgeNotTaken({ answer }: Intent, sends: readonly SandboxSend[]): Reasoned {
  if (sends.length > 0) return is(Finding.LOST, 'WeChat has it, and no campaign knows');
  if (answer?.kind === 'taken') return is(Finding.LOST, `the campaign ${answer.campaignId} was promised`);
  if (answer?.kind === 'broken') return is(Finding.BROKEN_ANSWER, answer.message);
  return is(answer ? Finding.DECLINED : Finding.NEVER_TAKEN, '');
}

const is = (finding: Finding, why: string): Reasoned => ({ finding, why });

/** What WeChat says here to what it never carries out. Whatever else it says, it is to be asked again. */
const REFUSALS = new Set([40035, 40050, 40164, 48001, 48013]);

/** Why a job never left: WeChat refused it, its time was up, or its sender changed their mind. */
function hasReason({ status, failure }: CampaignTold['jobs'][number], intent: Intent): boolean {
  if (status === SendStatus.EXPIRED) return 'sendBefore' in intent.input;
  if (status === SendStatus.CANCELED) return intent.isRegretted;
  return status === SendStatus.FAILED && REFUSALS.has(failure?.code ?? 0);
}

/** A repetition has the same content, whatever its clientmsgid; the parts of one campaign differ in whom they are for. */
const contentOf = ({ body }: SandboxSend): string => JSON.stringify({ ...body, clientmsgid: null });

const agree = (job: CampaignTold['jobs'][number], send: SandboxSend): boolean =>
  job.status === (send.status === 'SEND_SUCCESS' ? SendStatus.SENT : SendStatus.FAILED);

/** A push that was not acknowledged may have been taken in all the same: its acknowledgement died with the process. */
function figuresAgree({ counts }: CampaignTold['jobs'][number], told: ResultTold | undefined): boolean {
  if (counts === null) return !told?.accepted;
  return told !== undefined && JSON.stringify(counts) === JSON.stringify(told.counts);
}

const describe = ({ msgId, clientmsgid, status }: SandboxSend): string =>
  `${msgId} ${status} (${clientmsgid})`;
