import { type Audience, AudienceKind } from '../campaigns/audience.ts';
import { batchSizes, nameOfJob } from '../campaigns/batches.ts';
import { deriveClientMsgId } from '../campaigns/client-msg-id.ts';
import type { Ids } from '../campaigns/ids.ts';
import type { MassSendRequest } from '../campaigns/mass-send-request.ts';
import { encodeSend } from '../wechat/encode.ts';

type Addressed = Exclude<Audience, { kind: 'OPEN_IDS_FILE' }>;

/** The jobs of a request: one, or one for every 10,000 OpenIDs. */
export function jobsOf(request: MassSendRequest, audience: Addressed, ids: Ids) {
  if (audience.kind !== AudienceKind.OPEN_IDS) return [jobOf(request, audience, 0, true, ids)];
  const sizes = batchSizes(audience.openIds.length);
  let from = 0;
  return sizes.map((size, index) => {
    const openIds = audience.openIds.slice(from, from + size);
    from += size;
    return jobOf(request, { kind: AudienceKind.OPEN_IDS, openIds }, index, sizes.length === 1, ids);
  });
}

/** One job with what WeChat is sent for it. */
export function jobOf(
  request: MassSendRequest,
  audience: Addressed,
  index: number,
  isOnly: boolean,
  ids: Ids,
) {
  const { account, message, sendIgnoreReprint, idempotencyKey } = request;
  const name = request.clientMsgId ?? deriveClientMsgId(account.appId, idempotencyKey);
  const clientMsgId = nameOfJob(name, index, isOnly);
  return {
    id: ids.next('job'),
    index,
    clientMsgId,
    recipients: audience.kind === AudienceKind.OPEN_IDS ? audience.openIds.length : null,
    request: encodeSend(message, audience, { sendIgnoreReprint, clientMsgId }),
  };
}
