import type { Intent } from '../../src/campaigns/intent.ts';
import { encodeSend } from '../../src/wechat/encode.ts';
import { WRONG_TEXT } from './model-wechat.ts';
import type { Step } from './schedule.ts';

/** What the intake would make of a request, with ids that are the same in every run. */
export function intentOf(
  { jobs, isWrong, scheduledIn, sendWithin }: Extract<Step, { do: 'ask' }>,
  { appId, name, createdAt }: { appId: string; name: string; createdAt: Date },
): Intent {
  const later = (milliseconds: number) => new Date(createdAt.getTime() + milliseconds);
  return {
    campaign: {
      id: `cmp-${name}`,
      appId,
      idempotencyKey: name,
      fingerprint: name,
      label: null,
      messageType: 'TEXT',
      mediaId: null,
      audienceKind: 'OPEN_IDS',
      tagId: null,
      sendIgnoreReprint: false,
      createdAt,
      scheduledAt: scheduledIn === null ? null : later(scheduledIn),
      sendBefore: sendWithin === null ? null : later((scheduledIn ?? 0) + sendWithin),
    },
    jobs: Array.from({ length: jobs }, (_, index) => {
      const clientMsgId = `${name}-${index}`;
      const content = `${isWrong ? WRONG_TEXT : 'hello'} ${clientMsgId}`;
      const request = encodeSend(
        { kind: 'text', content },
        { kind: 'OPEN_IDS', openIds: [`a${index}`, `b${index}`] },
        { sendIgnoreReprint: false, clientMsgId },
      );
      return { id: `job-${clientMsgId}`, index, clientMsgId, recipients: 2, request };
    }),
    stage: null,
    quotaRules: [],
  };
}
