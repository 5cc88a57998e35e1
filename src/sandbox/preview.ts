import { readPreviewRecipient } from './audience.ts';
import type { Handler } from './endpoint.ts';
import { readFields } from './json-fields.ts';
import { readMessage } from './message.ts';

/** `preview` */
export const preview: Handler = ({ body }, { population, media, quotas, ids }) => {
  const fields = readFields(body);
  const recipient = readPreviewRecipient(fields, population);
  const { msgtype } = readMessage(fields, media, 'preview');
  if (recipient === 'name') quotas.takePreviewByName();
  const answer = { errcode: 0, errmsg: 'preview success' };
  // The real API leaves the id out for videos.
  return msgtype === 'mpvideo' ? answer : { ...answer, msg_id: Number(ids.preview()) };
};
