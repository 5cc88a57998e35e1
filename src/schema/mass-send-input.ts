import { type Audience, AudienceKind } from '../campaigns/audience.ts';
import { builder } from './builder.ts';
import { MessageInput } from './message-input.ts';

const AllFollowersInput = builder.inputType('AllFollowersInput', {
  description: 'Every follower of the account.',
  fields: (t) => ({
    confirm: t.boolean({ required: true, description: 'Must be true: a broadcast is never a slip.' }),
  }),
});

const AudienceInput = builder.inputType('AudienceInput', {
  description: 'Whom it is sent to: exactly one of these. Nothing stands for everybody but `all`.',
  isOneOf: true,
  fields: (t) => ({
    all: t.field({
      type: AllFollowersInput,
      description: 'Every follower. It enters the history of the account and counts as a send to all.',
    }),
    tagId: t.int({ description: 'The followers that carry this tag: see Account.tags.' }),
    openIds: t.stringList({
      description:
        'These followers, at least 2, each once. For service accounts only. Every 10,000 are a job of their own.',
    }),
    openIdsFile: t.field({
      type: 'File',
      description: 'The same from a text file, one OpenID a line, for lists that are too long for a request.',
    }),
  }),
});

export const MassSendInput = builder.inputType('MassSendInput', {
  description: 'A mass send. It cannot be taken back.',
  fields: (t) => ({
    idempotencyKey: t.string({
      required: true,
      description:
        'A name for this send, 1 to 200 characters. The same key with the same input answers the same campaign, however often and whenever it is asked; with another input it is refused. Each account has keys of its own. A campaign that failed, expired or was canceled keeps its key: to try once more, take a new one.',
    }),
    clientMsgId: t.string({
      description:
        'What WeChat shall see as clientmsgid, at most 64 bytes. Left out, it follows from the key in 24 characters; longer ones than 32 have been refused by WeChat in practice.',
    }),
    audience: t.field({ type: AudienceInput, required: true, description: 'Whom it is sent to.' }),
    message: t.field({ type: MessageInput, required: true, description: 'What is sent.' }),
    sendIgnoreReprint: t.boolean({
      defaultValue: false,
      description:
        'For mpnews: go on where an article is found to be a reprint that its author allows. Otherwise the send fails then.',
    }),
    label: t.string({ description: 'A name of your own for lists and reports, of at most 200 characters.' }),
    scheduledAt: t.field({
      type: 'DateTime',
      description: 'It does not leave before then. Not in the past. Left out: at once.',
    }),
    sendBefore: t.field({
      type: 'DateTime',
      description:
        'What has not left by then expires unsent. A call that went out before then and whose outcome is unknown is still asked again after it, as nothing else tells what became of it: WeChat may carry it out at that moment. Left out: never.',
    }),
    account: t.id({ description: 'The app id. May be left out where one account is configured.' }),
  }),
});

export function audienceOf({ all, tagId, openIds, openIdsFile }: typeof AudienceInput.$inferInput): Audience {
  if (all) return { kind: AudienceKind.ALL, confirm: all.confirm };
  if (tagId != null) return { kind: AudienceKind.TAG, tagId };
  if (openIds) return { kind: AudienceKind.OPEN_IDS, openIds };
  if (openIdsFile) return { kind: 'OPEN_IDS_FILE', chunks: openIdsFile.chunks() };
  throw new Error('exactly one field of AudienceInput is given, which validation has seen to');
}
