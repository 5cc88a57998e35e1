import { expect, it } from 'vitest';
import { checkMaterials, MaterialKind } from '../../src/campaigns/material.ts';

const uploadedAt = new Date('2026-06-01T00:00:00.000Z');
const daysLater = (days: number) => new Date(uploadedAt.getTime() + days * 86_400_000);
const known = (mediaId: string, type: string) => ({ mediaId, type, createdAt: uploadedAt });

it.each([
  ['image', MaterialKind.IMAGE],
  ['voice', MaterialKind.VOICE],
] as const)('knows a temporary %s to be gone after three days, and not a moment before', (kind, type) => {
  const check = (at: Date) => checkMaterials({ kind, mediaId: 'm' }, [known('m', type)], at);
  expect(check(new Date(daysLater(3).getTime() - 1))).toEqual([]);
  expect(check(daysLater(3))).toEqual([
    {
      path: ['message', kind, 'mediaId'],
      message: 'is gone by then: WeChat keeps it for three days, until 2026-06-04T00:00:00.000Z',
    },
  ]);
});

it('lets articles and videos for mass sends last', () => {
  const later = daysLater(400);
  expect(checkMaterials({ kind: 'mpnews', mediaId: 'm' }, [known('m', 'news')], later)).toEqual([]);
  expect(checkMaterials({ kind: 'mpvideo', mediaId: 'm' }, [known('m', 'mpvideo')], later)).toEqual([]);
});

it('names every place where something of another kind stands', () => {
  const issues = [
    ...checkMaterials(
      { kind: 'images', mediaIds: ['image', 'voice'] },
      [known('image', 'image'), known('voice', 'voice')],
      uploadedAt,
    ),
    ...checkMaterials(
      { kind: 'mpvideo', mediaId: 'file', thumbMediaId: 'image' },
      [known('file', 'video file'), known('image', 'image')],
      uploadedAt,
    ),
  ];
  expect(issues.map(({ path, message }) => `${path.join('.')} ${message}`)).toEqual([
    'message.images.mediaIds.1 is of another kind: it was uploaded as voice',
    'message.mpvideo.mediaId is of another kind: it was uploaded as video file: send what uploadVideo makes of it',
    'message.mpvideo.thumbMediaId is of another kind: it was uploaded as image',
  ]);
});

it('leaves to WeChat what was uploaded elsewhere, or kept by a version that did not say as what', () => {
  const mpvideo = { kind: 'mpvideo', mediaId: 'm' } as const;
  expect(checkMaterials(mpvideo, [], daysLater(400))).toEqual([]);
  expect(checkMaterials(mpvideo, [known('m', 'video')], daysLater(400))).toEqual([]);
});
