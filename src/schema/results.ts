import type { Campaign as CampaignShape } from '../campaigns/campaign.ts';
import { IdempotencyConflictError, InvalidInputError, QuotaExceededError } from '../campaigns/errors.ts';
import type { SendStatus as Status } from '../campaigns/status.ts';
import type { UploadedMaterial } from '../wechat/client.ts';
import { WechatError } from '../wechat/errors.ts';
import { MassSpeed } from './account.ts';
import { builder } from './builder.ts';
import { Campaign } from './campaign.ts';
import { SendStatus } from './send-job.ts';
import { SyncAnalyticsSuccess } from './sync-analytics.ts';

const has = (key: string) => (value: unknown) => typeof value === 'object' && value !== null && key in value;

const UploadedImage = builder.objectRef<{ url: string }>('UploadedImage').implement({
  description: 'An image for use inside articles.',
  isTypeOf: has('url'),
  fields: (t) => ({
    url: t.exposeString('url', { description: 'What goes into `<img src>` of an article.' }),
  }),
});

const UploadedMedia = builder.objectRef<UploadedMaterial>('UploadedMedia').implement({
  description: 'A material that WeChat keeps.',
  isTypeOf: has('mediaId'),
  fields: (t) => ({
    mediaId: t.exposeID('mediaId', { description: 'Its media_id (of a thumbnail, the thumb_media_id).' }),
    type: t.exposeString('type', {
      description: "WeChat's name of its kind: image, voice, video, thumb or news.",
    }),
    createdAt: t.expose('createdAt', {
      type: 'DateTime',
      description: 'When WeChat took it in.',
    }),
  }),
});

const MassSendSuccess = builder
  .objectRef<{ campaign: CampaignShape; replayed: boolean }>('MassSendSuccess')
  .implement({
    description:
      'The send is stored; the campaign tells how far it has come, or how it ended where it was asked for before.',
    isTypeOf: has('replayed'),
    fields: (t) => ({
      campaign: t.expose('campaign', {
        type: Campaign,
        description: 'The campaign.',
      }),
      replayed: t.exposeBoolean('replayed', {
        description: 'True where the key was used before: this is the campaign of then, nothing new is sent.',
      }),
    }),
  });

const PreviewSuccess = builder.objectRef<{ previewMsgId: string | null }>('PreviewSuccess').implement({
  description: 'The preview is on its way to the one person.',
  isTypeOf: has('previewMsgId'),
  fields: (t) => ({
    msgId: t.exposeID('previewMsgId', {
      nullable: true,
      description: "WeChat's id of the preview. Null where it gave none, as for videos.",
    }),
  }),
});

const DeleteMassSuccess = builder
  .objectRef<{ deleted: CampaignShape | null; alsoInvalidated: CampaignShape[] }>('DeleteMassSuccess')
  .implement({
    description:
      'WeChat deleted the articles. Who has received the message still sees its card, which leads nowhere now.',
    isTypeOf: has('alsoInvalidated'),
    fields: (t) => ({
      campaign: t.expose('deleted', {
        type: Campaign,
        nullable: true,
        description: 'The campaign. Null for a send that was not made here.',
      }),
      alsoInvalidated: t.expose('alsoInvalidated', {
        type: [Campaign],
        description:
          'Other campaigns that sent the same material: their links are dead now too, or that of the article. Where all was deleted, their status follows once WeChat has been asked.',
      }),
    }),
  });

export interface MessageStatusShape {
  msgId: string;
  seenStatus: Status;
  rawStatus: string | null;
  campaign: CampaignShape | null;
}

const MessageStatus = builder.objectRef<MessageStatusShape>('MessageStatus').implement({
  description: 'What WeChat says of a send.',
  isTypeOf: has('seenStatus'),
  fields: (t) => ({
    msgId: t.exposeID('msgId', { description: 'The id that was asked for.' }),
    status: t.expose('seenStatus', {
      type: SendStatus,
      description:
        'UNKNOWN where WeChat says nothing of it. In the first minute after acceptance, where WeChat may not see it yet, what is known here.',
    }),
    rawStatus: t.exposeString('rawStatus', {
      nullable: true,
      description: "WeChat's own word. Null where it said nothing.",
    }),
    campaign: t.expose('campaign', {
      type: Campaign,
      nullable: true,
      description: 'The campaign. Null for a send that was not made here.',
    }),
  }),
});

export const UploadImageResult = builder.errorUnion('UploadImageResult', {
  description: 'What came of uploadImage.',
  types: [UploadedImage, WechatError, InvalidInputError],
});

export const UploadMediaResult = builder.errorUnion('UploadMediaResult', {
  description: 'What came of uploadMedia or uploadVideo.',
  types: [UploadedMedia, WechatError, InvalidInputError],
});

export const UploadNewsResult = builder.errorUnion('UploadNewsResult', {
  description: 'What came of uploadNews.',
  types: [UploadedMedia, WechatError, InvalidInputError],
});

export const MassSendResult = builder.errorUnion('MassSendResult', {
  description: 'What came of massSend.',
  types: [MassSendSuccess, WechatError, InvalidInputError, QuotaExceededError, IdempotencyConflictError],
});

export const PreviewResult = builder.errorUnion('PreviewResult', {
  description: 'What came of preview.',
  types: [PreviewSuccess, WechatError, InvalidInputError, QuotaExceededError],
});

export const DeleteMassResult = builder.errorUnion('DeleteMassResult', {
  description: 'What came of deleteMass.',
  types: [DeleteMassSuccess, WechatError, InvalidInputError],
});

export const SetSpeedResult = builder.errorUnion('SetSpeedResult', {
  description: 'What came of setSpeed.',
  types: [MassSpeed, WechatError, InvalidInputError],
});

export const MessageStatusResult = builder.errorUnion('MessageStatusResult', {
  description: 'What came of messageStatus.',
  types: [MessageStatus, WechatError, InvalidInputError],
});

export const SyncAnalyticsResult = builder.errorUnion('SyncAnalyticsResult', {
  description: 'What came of syncAnalytics.',
  types: [SyncAnalyticsSuccess, InvalidInputError],
});
