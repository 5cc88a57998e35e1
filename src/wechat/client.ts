import type { AnalyticsAnswer, AnalyticsReport } from '../campaigns/analytics.ts';
import type { Article } from '../campaigns/article.ts';
import type { Day } from '../campaigns/days.ts';
import type { MediaType, UploadFile } from '../campaigns/media.ts';
import type { Message } from '../campaigns/message.ts';
import type { MassSpeed } from '../campaigns/speed.ts';
import { SendStatus } from '../campaigns/status.ts';
import type { FrozenRequest, SubmissionOutcome } from '../campaigns/submission.ts';
import { readReport, reportEndpoints } from './analytics.ts';
import type { Caller } from './caller.ts';
import { encodeNews, encodePreview } from './encode.ts';
import type { EndpointName } from './endpoints.ts';
import { BUSY, WechatError, WechatSilentError, WechatUnreachableError, WechatUnsentError } from './errors.ts';
import { numericId } from './json.ts';
import { idOf, submitOnce } from './submit.ts';

export interface UploadedMaterial {
  mediaId: string;
  type: string;
  createdAt: Date;
}

export interface MassStatus {
  /** As WeChat gave it; null where it answered nothing for the id. */
  rawStatus: string | null;
  status: SendStatus;
}

/** In seconds: later times are none. */
const YEAR_9999 = 253_402_300_799;

/**
 * The API of one account, in the gateway's own terms. Every function but `submit` throws `WechatError` for a refusal, and where WeChat is
 * silent: somebody waits for the call and can ask again.
 */
export function createWechatClient(caller: Caller) {
  const call: Caller = async (request) => {
    try {
      return await caller(request);
    } catch (error) {
      if (error instanceof WechatSilentError) throw new WechatError(BUSY, error.message, null, error.reason);
      if (error instanceof WechatUnreachableError)
        throw new WechatUnsentError(BUSY, error.message, null, error.reason);
      throw error;
    }
  };
  const post = (endpoint: EndpointName, body: unknown) => call({ endpoint, body: JSON.stringify(body) });

  /** For a call that is answered by its errcode alone: another answer, of whoever stands between, says nothing. */
  async function done(endpoint: EndpointName, body: unknown): Promise<void> {
    const { errcode } = await post(endpoint, body);
    if (errcode !== 0 && errcode !== '0') throw new WechatError(BUSY, 'the answer has no errcode');
  }

  return {
    /** `message/mass/send` or `sendall`, once, before `notAfter`. Never throws for what WeChat or the network do. */
    submit: (jobId: string, request: FrozenRequest, notAfter?: Date): Promise<SubmissionOutcome> =>
      submitOnce(caller, jobId, request, notAfter),

    /** `media/uploadimg`: the address of the image, for use in articles. */
    async uploadImage(file: UploadFile): Promise<string> {
      const { url } = await call({ endpoint: 'uploadImage', body: file });
      return expectText(url, 'url');
    },

    /** `media/upload` */
    async uploadMedia(type: MediaType, file: UploadFile): Promise<UploadedMaterial> {
      const query = { type: type.toLowerCase() };
      return material(await call({ endpoint: 'uploadMedia', query, body: file }), query.type);
    },

    /** `media/uploadnews` */
    uploadNews: async (articles: readonly Article[]): Promise<UploadedMaterial> =>
      material(await call({ endpoint: 'uploadNews', body: encodeNews(articles) }), 'news'),

    /** `media/uploadvideo` */
    uploadVideo: async (video: { mediaId: string; title: string; description: string }) => {
      const { mediaId, title, description } = video;
      return material(await post('uploadVideo', { media_id: mediaId, title, description }), 'video');
    },

    /** `message/mass/preview`. A preview of a video may come without an id. */
    async preview(message: Message, to: { openId: string } | { wxName: string }): Promise<string | null> {
      const answer = await call({ endpoint: 'preview', body: encodePreview(message, to) });
      return idOf(answer.msg_id);
    },

    /** `message/mass/delete`; `articleIndex` from 1, null for all articles. */
    async deleteMass(msgId: string, articleIndex: number | null): Promise<void> {
      const which = articleIndex === null ? {} : { article_idx: articleIndex };
      await done('deleteMass', { msg_id: numericId(msgId), ...which });
    },

    /** `message/mass/get` */
    async massStatus(msgId: string): Promise<MassStatus> {
      const answer = await post('massStatus', { msg_id: msgId });
      const rawStatus = typeof answer.msg_status === 'string' ? answer.msg_status : null;
      return { rawStatus, status: statusOf(rawStatus) };
    },

    /** `message/mass/speed/get`; `realspeed` is in ten thousands a minute. */
    async speed(): Promise<MassSpeed> {
      const answer = await post('getSpeed', {});
      const { speed, realspeed } = answer;
      return {
        level: expectNumber(speed, 'speed'),
        recipientsPerMinute: expectNumber(realspeed, 'realspeed', 100_000) * 10_000,
      };
    },

    /** `message/mass/speed/set` */
    async setSpeed(level: number): Promise<void> {
      await done('setSpeed', { speed: level });
    },

    /** `tags/get` */
    async tags(): Promise<{ id: number; name: string; followers: number }[]> {
      const { tags } = await call({ endpoint: 'getTags' });
      if (!Array.isArray(tags)) return [];
      return tags.map((tag) => ({
        id: expectNumber(tag?.id, 'id of a tag'),
        name: expectText(tag?.name, 'name of a tag'),
        followers: expectNumber(tag?.count, 'count of a tag'),
      }));
    },

    /** One of the reports under `datacube`, of one day. */
    analytics: async (report: AnalyticsReport, day: Day): Promise<AnalyticsAnswer> =>
      readReport(report, await post(reportEndpoints[report], { begin_date: day, end_date: day })),
  };
}
export type WechatClient = ReturnType<typeof createWechatClient>;

/** Thumbnails answer `thumb_media_id` in place of `media_id`. */
function material(answer: Record<string, unknown>, type: string): UploadedMaterial {
  return {
    mediaId: expectText(answer.media_id ?? answer.thumb_media_id, 'media_id'),
    type: typeof answer.type === 'string' ? answer.type : type,
    createdAt: new Date(expectNumber(answer.created_at, 'created_at', YEAR_9999) * 1000),
  };
}

function expectText(value: unknown, field: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new WechatError(BUSY, `the answer has no ${field}`);
}

/** Some fields are numbers in one answer and strings of digits in the next. */
function expectNumber(value: unknown, field: string, largest = 2 ** 31 - 1): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && Math.abs(number) <= largest) return number;
  throw new WechatError(BUSY, `the answer has no ${field}`);
}

function statusOf(rawStatus: string | null): SendStatus {
  switch (rawStatus) {
    case 'SEND_SUCCESS':
      return SendStatus.SENT;
    case 'SENDING':
      return SendStatus.SENDING;
    case 'SEND_FAIL':
      return SendStatus.FAILED;
    case 'DELETE':
      return SendStatus.DELETED;
    default:
      return SendStatus.UNKNOWN;
  }
}
