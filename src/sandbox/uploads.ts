import type { Handler } from './endpoint.ts';
import { checkArticleImage, checkFile, isFileKind } from './file-formats.ts';
import { optionalText, readFields, requiredText } from './json-fields.ts';
import { createdAtSeconds } from './media-library.ts';
import { readMediaFile } from './multipart.ts';
import { randomText } from './random-text.ts';
import { Refusal } from './refusal.ts';

/** `media/upload` */
export const uploadMedia: Handler = async ({ headers, body, query }, { media }) => {
  const kind = query.get('type');
  if (!isFileKind(kind)) throw new Refusal(40004);
  checkFile(kind, await readMediaFile(headers, body));
  const added = media.add(kind);
  // A thumb alone answers under another name.
  const idField = kind === 'thumb' ? 'thumb_media_id' : 'media_id';
  return { type: kind, [idField]: added.id, created_at: createdAtSeconds(added) };
};

/** `media/uploadimg`: an image inside an article, which is no media of the account. */
export const uploadArticleImage: Handler = async ({ headers, body }, { random }) => {
  checkArticleImage(await readMediaFile(headers, body));
  return { url: `http://mmbiz.qpic.cn/mmbiz/${randomText(random, 86)}/0` };
};

/** `media/uploadvideo`: makes an uploaded video one that can be sent. */
export const uploadVideo: Handler = ({ body }, { media }) => {
  const fields = readFields(body);
  media.get(requiredText(fields.media_id, 41006), 'video');
  const title = requiredText(fields.title, 40035);
  const description = optionalText(fields.description) ?? '';
  const video = media.add('mpvideo', { texts: [title, description] });
  return { type: 'video', media_id: video.id, created_at: createdAtSeconds(video) };
};
