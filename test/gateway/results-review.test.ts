import { describe, expect, it } from 'vitest';
import { auditWords, BROKEN_CHECK } from '../../src/sandbox/audits.ts';
import { originals } from '../../src/sandbox/originals.ts';
import { finishedXml } from '../callback/kit.ts';
import { sendThrough, uploadMedia, uploadNews } from '../kit/actions.ts';
import { readCampaign } from '../kit/campaigns.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const allowed = originals.find(({ reprintAllowed }) => reprintAllowed)!;
const forbidden = originals.find(({ reprintAllowed }) => !reprintAllowed)!;

async function sendNews(world: World, contents: string[], sendIgnoreReprint = false): Promise<any> {
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const articles = contents.map((content, index) => ({
    title: `Article ${index + 1}`,
    thumbMediaId,
    content,
  }));
  const { mediaId } = await uploadNews(world, articles);
  const { id } = await sendThrough(world, {
    idempotencyKey: 'news',
    audience: { tagId: 102 },
    message: { mpnews: { mediaId } },
    sendIgnoreReprint,
  });
  return readCampaign(world, id);
}

const reprint = (articleIndex: number, { url, reprintAllowed }: typeof allowed) => ({
  articleIndex,
  auditState: 2,
  originalArticleUrl: url,
  canReprint: reprintAllowed,
  needReplaceContent: reprintAllowed,
  needShowReprintSource: reprintAllowed,
});

describe('articles that are compared with the originals WeChat knows', () => {
  it('are sent where none is a reprint, and have titles, addresses and keys for the analytics', async () => {
    await using world = await createWorld();
    const campaign = await sendNews(world, ['one', 'two']);
    expect(campaign).toMatchObject({
      status: 'SENT',
      messageType: 'MPNEWS',
      msgDataId: world.sandbox.sends(world.appId)[0]?.msgDataId,
      counts: { total: 20, eligible: 20, sent: 20, failed: 0 },
      copyrightCheck: { state: 'NOT_REPRINT', results: [] },
      failure: null,
    });
    const [first, second] = campaign.articles;
    expect(campaign.articles).toEqual(
      [1, 2].map((index) => ({
        index,
        title: `Article ${index}`,
        url: expect.stringMatching(/^http:\/\/mp\.weixin\.qq\.com\/s\?/),
        analyticsMsgId: `${campaign.msgDataId}_${index}`,
        copyright: null,
      })),
    );
    expect(first.url).not.toBe(second.url);
  });

  it('have no addresses where the last event names none, and no articles that only an event before it told of', async () => {
    await using world = await createWorld();
    const campaign = await sendNews(world, ['one']);
    const urls = (...indexes: number[]) =>
      `<ArticleUrlResult><ResultList>${indexes
        .map(
          (index) => `<item><ArticleIdx>${index}</ArticleIdx><ArticleUrl>http://${index}</ArticleUrl></item>`,
        )
        .join('')}</ResultList></ArticleUrlResult>`;
    const { msgId } = campaign;
    await world.sandbox.push(world.appId, finishedXml({ msgId, fields: urls(1, 2) }));
    expect((await readCampaign(world, campaign.id)).articles).toMatchObject([
      { title: 'Article 1', url: 'http://1' },
      { title: null, url: 'http://2' },
    ]);
    await world.sandbox.push(world.appId, finishedXml({ msgId, status: 'err(10001)' }));
    expect((await readCampaign(world, campaign.id)).articles).toMatchObject([
      { title: 'Article 1', url: null, analyticsMsgId: `${campaign.msgDataId}_1` },
    ]);
  });

  it('are sent where a reprint is allowed and was not to be minded', async () => {
    await using world = await createWorld();
    const campaign = await sendNews(world, ['own', `<p>${allowed.sentence}</p>`], true);
    expect(campaign).toMatchObject({
      status: 'SENT',
      sendIgnoreReprint: true,
      copyrightCheck: { state: 'REPRINT_ALLOWED', results: [reprint(2, allowed)] },
      articles: [{ copyright: null }, { copyright: { articleIndex: 2, canReprint: true } }],
    });
  });

  it('fail with err(30003) where a reprint is allowed and was to be minded', async () => {
    await using world = await createWorld();
    const campaign = await sendNews(world, [allowed.sentence, 'own']);
    expect(campaign).toMatchObject({
      status: 'FAILED',
      copyrightCheck: { state: 'REPRINT_ALLOWED', results: [reprint(1, allowed)] },
      failure: { code: 30003, rawStatus: 'err(30003)', retryable: false },
      counts: { total: 0, eligible: 0, sent: 0, failed: 0 },
      articles: [
        { title: 'Article 1', url: null },
        { title: 'Article 2', url: null },
      ],
    });
  });

  it.each([true, false])('fail with err(30002) where a reprint is forbidden (minded: %s)', async (minded) => {
    await using world = await createWorld();
    const campaign = await sendNews(world, [allowed.sentence, forbidden.sentence], !minded);
    expect(campaign).toMatchObject({
      status: 'FAILED',
      copyrightCheck: {
        state: 'REPRINT_FORBIDDEN',
        results: [reprint(1, allowed), reprint(2, forbidden)],
      },
      failure: { code: 30002, reason: expect.stringContaining('不能群发'), retryable: false },
    });
  });

  it('fail with err(30001), and can be sent again, where the check itself broke', async () => {
    await using world = await createWorld();
    expect(await sendNews(world, [BROKEN_CHECK])).toMatchObject({
      status: 'FAILED',
      failure: { code: 30001, retryable: true },
    });
  });
});

describe('a text that the audit turns down for', () => {
  it.each(Object.entries(auditWords))('%s fails with err(%i) and says so', async (word, code) => {
    await using world = await createWorld();
    const input = { idempotencyKey: 'audit', audience: { tagId: 102 }, message: { text: { content: word } } };
    const { id } = await sendThrough(world, input);
    expect(await readCampaign(world, id)).toMatchObject({
      status: 'FAILED',
      copyrightCheck: null,
      failure: { code, rawStatus: `err(${code})`, reason: expect.stringContaining(word), retryable: false },
    });
  });
});

it('knows the articles of a material that was not uploaded here from the result event alone', async () => {
  await using world = await createWorld();
  const { mediaId: thumbMediaId } = await uploadMedia(world, 'THUMB', files.jpg());
  const token = world.sandbox.requests.at(-1)?.query.access_token;
  const article = { thumb_media_id: thumbMediaId, title: 'Elsewhere', content: 'content' };
  const uploaded = await fetch(`${world.sandbox.url}/cgi-bin/media/uploadnews?access_token=${token}`, {
    method: 'POST',
    body: JSON.stringify({ articles: [article, article] }),
  });
  const { media_id: mediaId } = (await uploaded.json()) as { media_id: string };
  const { id } = await sendThrough(world, {
    idempotencyKey: 'elsewhere',
    audience: { tagId: 102 },
    message: { mpnews: { mediaId } },
  });
  const { articles, msgDataId } = await readCampaign(world, id);
  expect(articles).toEqual(
    [1, 2].map((index) => ({
      index,
      title: null,
      url: expect.stringContaining('http://mp.weixin.qq.com/'),
      analyticsMsgId: `${msgDataId}_${index}`,
      copyright: null,
    })),
  );
});
