import type { RequestedSend } from '../campaigns/mass-send-request.ts';
import { audienceOf, type MassSendInput } from '../schema/mass-send-input.ts';
import { messageOf } from '../schema/message-input.ts';

/** The input of a send as the domain knows it: what is left out is null. */
export const requestedSend = (input: typeof MassSendInput.$inferInput): RequestedSend => ({
  idempotencyKey: input.idempotencyKey,
  clientMsgId: input.clientMsgId ?? null,
  audience: audienceOf(input.audience),
  message: messageOf(input.message),
  sendIgnoreReprint: input.sendIgnoreReprint ?? false,
  label: input.label ?? null,
  scheduledAt: input.scheduledAt ?? null,
  sendBefore: input.sendBefore ?? null,
});
