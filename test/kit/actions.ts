import { files } from '../sandbox/files.ts';
import type { World } from './world.ts';

const ISSUES = '... on InvalidInputError { message issues { path message } }';
const WECHAT = '... on WechatError { message errcode errmsg rid retryable failedCampaign { id status } }';
const ERRORS = `... on Error { message } ${ISSUES} ${WECHAT}`;

const SEND = `mutation ($input: MassSendInput!) {
  massSend(input: $input) {
    __typename
    ... on MassSendSuccess { replayed campaign { id status msgId msgDataId } }
    ... on QuotaExceededError { quota { kind limit used } }
    ${ERRORS}
  }
}`;

const PREVIEW = `mutation ($input: PreviewInput!) {
  preview(input: $input) {
    __typename
    ... on PreviewSuccess { msgId }
    ... on QuotaExceededError { quota { kind limit used remaining resetAt } }
    ${ERRORS}
  }
}`;

const UPLOADED = `__typename ... on UploadedMedia { mediaId type createdAt } ${ERRORS}`;

const DELETE = `mutation ($msgId: ID!, $articleIndex: Int, $account: ID) {
  deleteMass(msgId: $msgId, articleIndex: $articleIndex, account: $account) {
    __typename
    ... on DeleteMassSuccess { campaign { id status deletedAt } alsoInvalidated { id } }
    ${ERRORS}
  }
}`;

/** A text to a tag that the sandbox has. */
export const textToTag = (idempotencyKey: string, more: object = {}) => ({
  idempotencyKey,
  audience: { tagId: 100 },
  message: { text: { content: 'hello' } },
  ...more,
});

export const send = async (world: World, input: object): Promise<any> =>
  (await world.query<any>(SEND, { input })).massSend;

export const preview = async (world: World, input: object): Promise<any> =>
  (await world.query<any>(PREVIEW, { input })).preview;

export const deleteMass = async (world: World, variables: object): Promise<any> =>
  (await world.query<any>(DELETE, { ...variables })).deleteMass;

export async function uploadMedia(world: World, type: string, bytes: Buffer, name = 'file'): Promise<any> {
  const query = `mutation ($type: MediaType!, $file: File!) { uploadMedia(type: $type, file: $file) { ${UPLOADED} } }`;
  return (await world.upload(query, { type }, { file: new File([Uint8Array.from(bytes)], name) }))
    .uploadMedia;
}

export async function uploadNews(world: World, articles: object[], account?: string): Promise<any> {
  const query = `mutation ($articles: [ArticleInput!]!, $account: ID) { uploadNews(articles: $articles, account: $account) { ${UPLOADED} } }`;
  return (await world.query<any>(query, { articles, account })).uploadNews;
}

export async function uploadVideo(world: World, video: object): Promise<any> {
  const query = `mutation ($mediaId: ID!, $title: String!, $description: String!) {
    uploadVideo(mediaId: $mediaId, title: $title, description: $description) { ${UPLOADED} }
  }`;
  return (await world.query<any>(query, { ...video })).uploadVideo;
}

/** The media id of a news material with as many articles. */
export async function makeNews(world: World, count: number): Promise<string> {
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const articles = Array.from({ length: count }, (_, index) => ({
    title: `Article ${index + 1}`,
    thumbMediaId,
    content: `<p>Content ${index + 1}</p>`,
  }));
  return (await uploadNews(world, articles)).mediaId;
}

/** The media id of a video that can be sent. */
export async function makeVideo(world: World): Promise<string> {
  const { mediaId } = await uploadMedia(world, 'VIDEO', files.mp4());
  return (await uploadVideo(world, { mediaId, title: 'Title', description: 'Description' })).mediaId;
}

/** The result of a send to few is pushed within so long. In five seconds on the clock the sandbox would give up on a push that is under way. */
export const PUSHED_WITHIN_MS = 4_000;

/** Sends and waits until the result event was taken in. Gives the campaign as the mutation answered it. */
export async function sendThrough(world: World, input: object): Promise<any> {
  const { campaign } = await send(world, input);
  const taken = world.sandbox.waitFor(
    'push',
    ({ xml, accepted }) => accepted && xml.includes(`<MsgID>${campaign.msgId}<`),
  );
  await world.clock.advance(PUSHED_WITHIN_MS);
  await taken;
  return campaign;
}
