import type { Handler } from './endpoint.ts';
import { readFields, readId } from './json-fields.ts';
import { Refusal, refuseIf } from './refusal.ts';
import { MsgStatus, type SandboxSend } from './send.ts';

const deletable = ['mpnews', 'mpvideo'];

/** `mass/get`: an id that names no send is answered with nothing. */
export const getStatus: Handler = ({ body }, { sends }) => {
  const msgId = readMsgId(body);
  const send = sends.byMsgId(msgId);
  return send ? { msg_id: Number(msgId), msg_status: send.status } : {};
};

/** `mass/delete`: of articles and videos that were sent. */
export const deleteSend: Handler = ({ body }, { sends }) => {
  const send = sends.byMsgId(readMsgId(body));
  if (!send) throw new Refusal(40059);
  refuseIf(!deletable.includes(send.msgtype), 40059);
  refuseIf(send.status !== MsgStatus.SEND_SUCCESS && send.status !== MsgStatus.DELETE, 40059);
  const { article_idx: index = 0 } = readFields(body);
  const isPosition = typeof index === 'number' && Number.isInteger(index) && index >= 0;
  refuseIf(!isPosition || index > Math.max(send.titles.length, 1), 40060);
  deleteArticles(sends.accepted.filter(isSameMaterial(send)), index as number);
  return { errcode: 0, errmsg: 'ok' };
};

function readMsgId(body: Buffer): string {
  const msgId = readId(readFields(body).msg_id);
  if (msgId === undefined) throw new Refusal(40059);
  return msgId;
}

// Sends of one material share its links, and lose them together.
const isSameMaterial =
  ({ mediaId }: SandboxSend) =>
  (other: SandboxSend): boolean =>
    other.mediaId === mediaId && other.status === MsgStatus.SEND_SUCCESS;

function deleteArticles(sends: readonly SandboxSend[], index: number): void {
  for (const send of sends) {
    if (index > 0) send.deletedArticles.add(index);
    if (index === 0 || send.deletedArticles.size >= send.titles.length) send.status = MsgStatus.DELETE;
  }
}
