import type { SendJob as Job } from '../campaigns/campaign.ts';
import type { DeliveryCounts as Counts } from '../campaigns/delivery-result.ts';
import { type SendFailure as Failure, withoutCode } from '../campaigns/failure.ts';
import { SendStatus as Statuses } from '../campaigns/status.ts';
import { builder } from './builder.ts';
import type { Context } from './context.ts';
import { CopyrightCheck } from './copyright.ts';
import { Node } from './node.ts';

export const SendStatus = builder.enumType('SendStatus', {
  description:
    'Where a send stands. It moves forward, with two exceptions: a call that WeChat puts off is PENDING again, and a later result event overrules an earlier one, and also a DELETED that nobody here asked for. What came last is what holds: go by the order of events, not of this list.',
  values: {
    [Statuses.PENDING]: { description: 'Stored, not yet handed to WeChat.' },
    [Statuses.SUBMITTING]: { description: 'A call is under way.' },
    [Statuses.UNKNOWN]: {
      description:
        'A call went out, or may have gone out from the original of a copied database, and its outcome is not known. WeChat is asked by the same clientMsgId for up to 24 hours, and it is never sent twice; after that only a result event or settleSend tells.',
    },
    [Statuses.SENDING]: { description: 'WeChat accepted it and works on it.' },
    [Statuses.SENT]: { description: 'Sent.' },
    [Statuses.FAILED]: { description: 'Refused by WeChat, or failed while sending: see failure.' },
    [Statuses.CANCELED]: { description: 'Stopped before it left.' },
    [Statuses.EXPIRED]: { description: 'Its time passed before it could leave.' },
    [Statuses.DELETED]: { description: 'Deleted after it was sent: its articles cannot be opened any more.' },
  } as const,
});

export const DeliveryCounts = builder.objectRef<Counts>('DeliveryCounts').implement({
  description:
    "WeChat's figures, from its result event. They are taken shortly before the end and may be off by a little.",
  fields: (t) => ({
    total: t.exposeInt('total', { description: 'Followers in the audience (TotalCount).' }),
    eligible: t.exposeInt('eligible', {
      description:
        'Left to send to after filtering: who refuses messages or has had four this month is out (FilterCount).',
    }),
    sent: t.exposeInt('sent', { description: 'Delivered (SentCount).' }),
    failed: t.exposeInt('failed', { description: 'Not delivered (ErrorCount).' }),
  }),
});

export const SendFailure = builder.objectRef<Failure>('SendFailure').implement({
  description: 'Why a send was refused, failed, or waits for another try.',
  fields: (t) => ({
    code: t.exposeInt('code', {
      nullable: true,
      description: "WeChat's errcode, or N of an audit's err(N). Null where there was none.",
    }),
    reason: t.exposeString('reason', { description: 'In English, with the Chinese term in brackets.' }),
    rawStatus: t.exposeString('rawStatus', {
      nullable: true,
      description: "WeChat's own words. Null where it said nothing.",
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether the same send can succeed later, under a new idempotencyKey.',
    }),
  }),
});

export const countsOf = (job: Job): Counts | null =>
  job.totalCount === null || job.eligibleCount === null || job.sentCount === null || job.failedCount === null
    ? null
    : { total: job.totalCount, eligible: job.eligibleCount, sent: job.sentCount, failed: job.failedCount };

export async function copyrightCheckOf(job: Job, { loaders }: Context) {
  if (job.copyrightState === null) return null;
  return { state: job.copyrightState, results: await loaders.copyrightOfJob.load(job.id) };
}

const HELD = withoutCode(
  'this database is a copy, whose original may have sent it: nothing leaves until resumeSending (数据库副本,暂停发送)',
);

/** Why it failed, or what it waits for. */
export const failureOf = ({ status, failure }: Job, { sending }: Context): Failure | null =>
  failure ?? (status === Statuses.PENDING && sending.heldSince() ? HELD : null);

export const SendJob = builder.objectRef<Job>('SendJob');
SendJob.implement({
  description: 'The part of a campaign that is one call to WeChat.',
  interfaces: [Node],
  isTypeOf: (value) => typeof value === 'object' && value !== null && 'clientMsgId' in value,
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Unique among all nodes of this gateway.' }),
    index: t.exposeInt('index', { description: 'Its position in the campaign, from 0.' }),
    clientMsgId: t.exposeString('clientMsgId', {
      description: 'The clientmsgid by which WeChat recognises a repetition for 24 hours.',
    }),
    msgId: t.exposeID('msgId', {
      nullable: true,
      description: "WeChat's id of the send. Null until it accepted it.",
    }),
    msgDataId: t.exposeID('msgDataId', {
      nullable: true,
      description:
        "WeChat's id of the data in its article analytics. Null unless it gave one, which it does for mpnews.",
    }),
    status: t.expose('status', { type: SendStatus, description: 'Where it stands.' }),
    recipients: t.exposeInt('recipients', {
      nullable: true,
      description: 'How many it is addressed to. Null for ALL and TAG until the result event tells.',
    }),
    counts: t.field({
      type: DeliveryCounts,
      nullable: true,
      description: "WeChat's figures. Null until a result event with figures arrived.",
      resolve: countsOf,
    }),
    copyrightCheck: t.field({
      type: CopyrightCheck,
      nullable: true,
      description: 'The copyright check. Null until a result event tells of one.',
      resolve: (job, _, ctx) => copyrightCheckOf(job, ctx),
    }),
    failure: t.field({
      type: SendFailure,
      nullable: true,
      description: 'Why it failed, or what it waits for. Null where nothing is wrong.',
      resolve: (job, _, ctx) => failureOf(job, ctx),
    }),
    nextAttemptAt: t.expose('nextAttemptAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When it is handed to WeChat next, or WeChat is asked again what became of it; not while the gateway is held. Null where it is not on its own: an UNKNOWN one then waits for a result event, or for settleSend.',
    }),
    submittedAt: t.expose('submittedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was handed to WeChat. Null until then.',
    }),
    finishedAt: t.expose('finishedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When its outcome became known here. Null until then.',
    }),
  }),
});
