import { Scope } from '../access/scope.ts';
import { checkArticles } from '../campaigns/article.ts';
import { checkText, isBlank, when } from '../campaigns/input-issue.ts';
import { kindOfMedia, MaterialKind } from '../campaigns/material.ts';
import {
  articleImageRule,
  checkFile,
  type FileRule,
  MediaType as MediaTypes,
  mediaRules,
  tooLarge,
  type UploadFile,
} from '../campaigns/media.ts';
import { builder } from '../schema/builder.ts';
import type { Context } from '../schema/context.ts';
import { needs } from '../schema/needs.ts';
import { UploadImageResult, UploadMediaResult, UploadNewsResult } from '../schema/results.ts';
import type { Upload } from '../schema/upload.ts';
import { accountArgument } from './account-argument.ts';

const MediaType = builder.enumType('MediaType', {
  description: 'The kind of a material.',
  values: {
    [MediaTypes.IMAGE]: { description: 'jpg, png or gif, at most 10 MB.' },
    [MediaTypes.VOICE]: { description: 'amr or mp3, at most 2 MB and 60 seconds.' },
    [MediaTypes.VIDEO]: { description: 'mp4, at most 10 MB.' },
    [MediaTypes.THUMB]: { description: 'A thumbnail: jpg, at most 64 KB.' },
  } as const,
});

const ArticleInput = builder.inputType('ArticleInput', {
  description: 'One article of a news material.',
  fields: (t) => ({
    title: t.string({ required: true, description: 'At most 64 characters.' }),
    thumbMediaId: t.id({ required: true, description: 'Its picture: the media_id of an uploaded THUMB.' }),
    content: t.string({
      required: true,
      description:
        'HTML, under 20,000 characters and 1 MB, passed on untouched. Images by the addresses that uploadImage answers; mini-programs by the documented tags, a card title of at most 35 characters.',
    }),
    author: t.string({ description: 'Shown below the title.' }),
    digest: t.string({
      description: 'At most 128 characters. Left out, WeChat takes the beginning of the content.',
    }),
    contentSourceUrl: t.string({ description: 'Where "read the original" leads.' }),
    showCoverPic: t.boolean({ description: 'Whether the picture is shown in the article too.' }),
  }),
});

/** Reads no further than the rule allows, whatever the caller goes on sending. */
async function receive(
  ctx: Context,
  args: { file: Upload; account?: string | null },
  rule: FileRule,
): Promise<{ appId: string; file: UploadFile }> {
  const bytes = await args.file.read(rule.mostBytes);
  // Known only once the file has begun to come.
  const { name, contentType } = args.file;
  const file = { name, contentType, bytes: bytes ?? new Uint8Array() };
  const { appId } = accountArgument(ctx, args.account, bytes ? checkFile(rule, file) : tooLarge(rule));
  return { appId, file };
}

const account = 'The app id. May be left out where one account is configured.';

builder.mutationFields((t) => ({
  uploadImage: t.field({
    type: UploadImageResult,
    extensions: needs(Scope.SEND),
    description:
      'Uploads an image for use inside articles (media/uploadimg): jpg or png by its bytes, under 1 MB.',
    args: {
      file: t.arg({ type: 'File', required: true, description: 'The image.' }),
      account: t.arg.id({ description: account }),
    },
    resolve: async (_, args, ctx) => {
      const { appId, file } = await receive(ctx, args, articleImageRule);
      return { url: await ctx.wechat(appId).uploadImage(file) };
    },
  }),

  uploadMedia: t.field({
    type: UploadMediaResult,
    extensions: needs(Scope.SEND),
    description: 'Uploads a temporary material (media/upload); WeChat keeps it for three days.',
    args: {
      type: t.arg({
        type: MediaType,
        required: true,
        description: 'Its kind, which the bytes must bear out.',
      }),
      file: t.arg({ type: 'File', required: true, description: 'The file.' }),
      account: t.arg.id({ description: account }),
    },
    resolve: async (_, { type, ...args }, ctx) => {
      const { appId, file } = await receive(ctx, args, mediaRules[type]);
      const material = await ctx.wechat(appId).uploadMedia(type, file);
      const uploadedAt = ctx.clock.now();
      await ctx.materials.keep({ appId, ...material, type: kindOfMedia[type], uploadedAt });
      return material;
    },
  }),

  uploadNews: t.field({
    type: UploadNewsResult,
    extensions: needs(Scope.SEND),
    description: 'Uploads 1 to 8 articles as one news material (media/uploadnews), which mpnews then sends.',
    args: {
      articles: t.arg({
        type: [ArticleInput],
        required: true,
        description: 'In the order in which readers see them.',
      }),
      account: t.arg.id({ description: account }),
    },
    resolve: async (_, { articles, ...args }, ctx) => {
      const issues = [...checkArticles(articles), ...checkText(articles, ['articles'])];
      const { appId } = accountArgument(ctx, args.account, issues);
      const material = await ctx.wechat(appId).uploadNews(articles);
      const uploadedAt = ctx.clock.now();
      await ctx.materials.keep({ appId, ...material, type: MaterialKind.NEWS, uploadedAt }, articles);
      return material;
    },
  }),

  uploadVideo: t.field({
    type: UploadMediaResult,
    extensions: needs(Scope.SEND),
    description:
      'Makes an uploaded VIDEO fit for mass sends (media/uploadvideo). Send the media_id that it answers.',
    args: {
      mediaId: t.arg.id({ required: true, description: 'The media_id that uploadMedia answered.' }),
      title: t.arg.string({ required: true, description: 'Shown with the video.' }),
      description: t.arg.string({ required: true, description: 'Shown with the video.' }),
      account: t.arg.id({ description: account }),
    },
    resolve: async (_, { account: name, ...video }, ctx) => {
      const { appId } = accountArgument(ctx, name, [
        ...when(isBlank(video.mediaId), ['mediaId'], 'must not be blank'),
        ...when(isBlank(video.title), ['title'], 'must not be blank'),
        ...checkText(video),
      ]);
      const material = await ctx.wechat(appId).uploadVideo(video);
      const uploadedAt = ctx.clock.now();
      await ctx.materials.keep({ appId, ...material, type: MaterialKind.MPVIDEO, uploadedAt });
      return material;
    },
  }),
}));
