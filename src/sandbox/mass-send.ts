import type { Account } from './account.ts';
import { readFilter, readOpenIds } from './audience.ts';
import { clientMsgIdOf } from './client-msg-id.ts';
import type { Handler } from './endpoint.ts';
import { type Fields, optionalSwitch, readFields } from './json-fields.ts';
import { readMessage } from './message.ts';
import type { Audience, Population } from './population.ts';
import { Refusal, refuseIf } from './refusal.ts';
import type { SandboxRequest } from './request.ts';

const massSend =
  (readAudience: (fields: Fields, people: Population) => Audience): Handler =>
  async ({ path, body }, { population, media, quotas, sends }) => {
    quotas.takeCall();
    const fields = readFields(body);
    const clientmsgid = clientMsgIdOf(fields);
    // Before any rule that changes with time: a repeat must find its send whatever has been spent or has expired since.
    const earlier = sends.byClientMsgId(clientmsgid);
    if (earlier) throw new Refusal(45065, { msg_id: Number(earlier.msgId) });
    const audience = readAudience(fields, population);
    const message = readMessage(fields, media, 'send');
    const ignoreReprint = optionalSwitch(fields.send_ignore_reprint) === 1;
    quotas.takeSend(audience.kind === 'all');
    const send = await sends.accept({
      clientmsgid,
      endpoint: path,
      audience,
      body: fields,
      message,
      ignoreReprint,
    });
    return {
      errcode: 0,
      errmsg: 'send job submission success',
      msg_id: Number(send.msgId),
      ...(send.msgDataId === null ? {} : { msg_data_id: Number(send.msgDataId) }),
    };
  };

/** `sendall` */
export const sendToFilter: Handler = massSend(readFilter);

const sendToList = massSend(readOpenIds);

/** `send`, which only service accounts may call. */
export const sendToOpenIds: Handler = (request, account) => {
  refuseIf(account.settings.type === 'subscription', 48001);
  return sendToList(request, account);
};

/** Sends with one clientmsgid go one after another. */
export const claimClientMsgId = ({ body }: SandboxRequest, { settings }: Account): string =>
  `${settings.appId} ${clientMsgIdOf(readFields(body))}`;
