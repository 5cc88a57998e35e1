import { expect, it } from 'vitest';
import { sendThrough, uploadMedia, uploadNews } from '../kit/actions.ts';
import { calls, lastBody } from '../kit/calls.ts';
import { oneWorld } from '../kit/one-world.ts';
import { createWorld, type World } from '../kit/world.ts';
import { files } from '../sandbox/files.ts';

const UPLOADNEWS = '/cgi-bin/media/uploadnews';

const MINI_PROGRAMS = `<mp-miniprogram data-miniprogram-appid="wx123123123" data-miniprogram-path="pages/index/index" data-miniprogram-title="小程序示例" data-progarm-imageurl="http://mmbizqbic.cn/demo.jpg"></mp-miniprogram>
<p><a data-miniprogram-appid="wx123123123" data-miniprogram-path="pages/index" href="">点击文字跳转小程序</a></p>\r
\t<p><a data-miniprogram-appid="wx123123123" data-miniprogram-path="pages/index" href=""><img src="http://mmbiz.qpic.cn/mmbiz_jpg/demo/0?wx_fmt=jpg&amp;a=1&b=2" alt="" data-width="null" data-ratio="NaN"></a></p><!-- ]]> \\u0041 \u2028 😀 " ' < -->`;

const makeThumb = async (world: World): Promise<string> =>
  (await uploadMedia(world, 'THUMB', files.jpg())).mediaId;

const issuePaths = ({ issues }: any): string[] => issues.map(({ path }: any) => path.join('.'));

it('hands the HTML of mini-programs to WeChat byte for byte', async () => {
  await using world = await createWorld();
  const thumbMediaId = await makeThumb(world);
  const answer = await uploadNews(world, [{ title: 'Title', thumbMediaId, content: MINI_PROGRAMS }]);
  expect(answer).toMatchObject({
    __typename: 'UploadedMedia',
    type: 'news',
    createdAt: world.clock.now().toISOString(),
  });
  const [request] = calls(world, UPLOADNEWS);
  expect(JSON.parse(request!.body).articles[0].content).toBe(MINI_PROGRAMS);
  expect(request!.body).toContain(JSON.stringify(MINI_PROGRAMS));
});

it('sends the documented fields, switches as numbers and nothing that was left out', async () => {
  await using world = await createWorld();
  const thumbMediaId = await makeThumb(world);
  const full = {
    title: '标题 😀',
    thumbMediaId,
    content: '<p>C</p>',
    author: '作者',
    digest: '摘要',
    contentSourceUrl: 'https://example.com/?a=1&b=2#wechat_redirect',
  };
  await uploadNews(world, [
    { ...full, showCoverPic: true },
    { ...full, showCoverPic: false },
    { title: 'T', thumbMediaId, content: 'C', author: null, digest: null },
  ]);
  const article = {
    thumb_media_id: thumbMediaId,
    author: '作者',
    title: '标题 😀',
    content_source_url: 'https://example.com/?a=1&b=2#wechat_redirect',
    content: '<p>C</p>',
    digest: '摘要',
  };
  expect(lastBody(world, UPLOADNEWS)).toEqual({
    articles: [
      { ...article, show_cover_pic: 1 },
      { ...article, show_cover_pic: 0 },
      { thumb_media_id: thumbMediaId, title: 'T', content: 'C' },
    ],
  });
});

it('takes eight articles at the edge of every limit', async () => {
  await using world = await createWorld();
  const article = {
    title: '😀'.repeat(64),
    thumbMediaId: await makeThumb(world),
    content: '文'.repeat(19_999),
    digest: '摘'.repeat(128),
  };
  expect(await uploadNews(world, Array(8).fill(article))).toMatchObject({ __typename: 'UploadedMedia' });
});

const untouched = oneWorld();

it('tells of every broken rule at once, and where', async () => {
  const world = untouched();
  const answer = await uploadNews(world, [
    { title: 'T', thumbMediaId: 't', content: 'C' },
    { title: '长'.repeat(65), thumbMediaId: ' ', content: '', digest: '摘'.repeat(129) },
    { title: '', thumbMediaId: 't', content: '文'.repeat(20_000), author: 'a\0', contentSourceUrl: '\ud800' },
    { title: 'T', thumbMediaId: 't', content: `<i data-miniprogram-title='${'卡'.repeat(36)}'></i>` },
  ]);
  expect(answer.__typename).toBe('InvalidInputError');
  expect(issuePaths(answer).sort()).toEqual([
    'articles.1.content',
    'articles.1.digest',
    'articles.1.thumbMediaId',
    'articles.1.title',
    'articles.2.author',
    'articles.2.content',
    'articles.2.contentSourceUrl',
    'articles.2.title',
    'articles.3.content',
  ]);
  expect(answer.message).toContain('articles.1.title must have at most 64 characters, it has 65');
  expect(calls(world)).toEqual([]);
});

it.each([
  ['none', 0, ['articles']],
  ['nine', 9, ['articles']],
])('refuses %s articles', async (_, count, expected) => {
  const world = untouched();
  const answer = await uploadNews(world, Array(count).fill({ title: 'T', thumbMediaId: 't', content: 'C' }));
  expect(issuePaths(answer)).toEqual(expected);
  expect(calls(world)).toEqual([]);
});

it('refuses content of 1 MB, which is under 20,000 characters only on paper', async () => {
  const world = untouched();
  const answer = await uploadNews(world, [
    { title: 'T', thumbMediaId: 't', content: 'a'.repeat(1024 * 1024) },
  ]);
  expect(new Set(issuePaths(answer))).toEqual(new Set(['articles.0.content']));
});

it('remembers the articles, so that what is sent has titles', async () => {
  await using world = await createWorld();
  const thumbMediaId = await makeThumb(world);
  const articles = [
    { title: 'One', thumbMediaId, content: 'C', author: 'A', digest: 'D', contentSourceUrl: 'https://e.com' },
    { title: 'Two', thumbMediaId, content: 'C' },
  ];
  const { mediaId } = await uploadNews(world, articles);
  const { id, msgDataId } = await sendThrough(world, {
    idempotencyKey: 'one',
    audience: { tagId: 100 },
    message: { mpnews: { mediaId } },
  });
  const query = `query ($id: ID!) { campaign(id: $id) { articles {
    index title author digest contentSourceUrl url analyticsMsgId copyright { articleIndex }
  } } }`;
  const { campaign } = await world.query<any>(query, { id });
  const url = expect.stringMatching(/^http:\/\/mp\.weixin\.qq\.com\/s\?/);
  expect(campaign.articles).toEqual([
    {
      ...{ index: 1, title: 'One', author: 'A', digest: 'D', contentSourceUrl: 'https://e.com', url },
      analyticsMsgId: `${msgDataId}_1`,
      copyright: null,
    },
    {
      ...{ index: 2, title: 'Two', author: null, digest: null, contentSourceUrl: null, url },
      analyticsMsgId: `${msgDataId}_2`,
      copyright: null,
    },
  ]);
});

it("leaves an unknown thumb to WeChat's judgement", async () => {
  await using world = await createWorld();
  const answer = await uploadNews(world, [{ title: 'T', thumbMediaId: 'unknown', content: 'C' }]);
  expect(answer).toMatchObject({ __typename: 'WechatError', errcode: 40007, retryable: false });
});
