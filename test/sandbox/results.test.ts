import { expect, it } from 'vitest';
import { openIds, text, toAll, toTag } from './kit.ts';
import { startPushing } from './pushing.ts';

it('counts those who left, refuse and fail', async () => {
  await using started = await startPushing();
  const { result } = started;
  // 48 and 49 and 51 follow, 50 has left; 99 and 101 follow, 100 refuses; 999 fails.
  const touser = [...openIds(4, 48), ...openIds(3, 99), ...openIds(1, 999), 'oStranger'];
  expect(await result(text('a'), { touser })).toMatchObject({
    TotalCount: '7',
    FilterCount: '6',
    SentCount: '5',
    ErrorCount: '1',
  });
  expect(await result(text('a'), toAll)).toMatchObject({
    TotalCount: '4950',
    FilterCount: '4900',
    SentCount: '4895',
    ErrorCount: '5',
  });
});

const TEA = '第一杯春茶，是写给山里的一封回信。';
const CLOCK = '他修好了全城的钟，却从不看时间。';

it.each([
  ['no original', ['one', 'two'], 0, 'send success', 'SEND_SUCCESS', '1', []],
  [
    'an original that may be reprinted',
    ['one', `<p>${TEA}</p>`],
    1,
    'send success',
    'SEND_SUCCESS',
    '2',
    [2],
  ],
  ['the same, not wanted', [TEA, 'two'], 0, 'err(30003)', 'SEND_FAIL', '2', [1]],
  ['one that may not', [TEA, CLOCK], 1, 'err(30002)', 'SEND_FAIL', '3', [1, 2]],
  ['a check that breaks down', ['原创校验出错'], 0, 'err(30001)', 'SEND_FAIL', '1', []],
] as const)('checks articles against %s', async (_, contents, ignore, pushed, got, checkState, hits) => {
  await using started = await startPushing();
  const { addNews, result, status } = started;
  const mpnews = { media_id: await addNews(...contents) };
  const finished = await result({ msgtype: 'mpnews', mpnews, send_ignore_reprint: ignore }, toTag(2));
  const { Status, CopyrightCheckResult: check, ArticleUrlResult: urls } = finished;
  expect([Status, check.CheckState, check.Count]).toEqual([pushed, checkState, String(hits.length)]);
  const items = [check.ResultList.item ?? []].flat();
  expect(items.map(({ ArticleIdx }: { ArticleIdx: string }) => Number(ArticleIdx))).toEqual(hits);
  expect(await status(finished.msg_id)).toBe(got);
  if (got === 'SEND_FAIL') {
    expect(finished).toMatchObject({ TotalCount: '0', FilterCount: '0', SentCount: '0', ErrorCount: '0' });
    expect(urls).toBeUndefined();
  } else {
    expect(urls.ResultList.item).toEqual(
      contents.map((_, index) => ({
        ArticleIdx: String(index + 1),
        ArticleUrl: expect.stringMatching(`^http://mp.weixin.qq.com/s\\?.+&idx=${index + 1}&sn=`),
      })),
    );
  }
});

it('describes the original of a hit', async () => {
  await using started = await startPushing();
  const { addNews, result } = started;
  const mpnews = { media_id: await addNews(TEA) };
  const { CopyrightCheckResult: check } = await result({ msgtype: 'mpnews', mpnews }, toTag(2));
  expect(check.ResultList.item).toEqual({
    ArticleIdx: '1',
    UserDeclareState: '0',
    AuditState: '2',
    OriginalArticleUrl: expect.stringMatching(/^http:\/\/mp\.weixin\.qq\.com\/s\?/),
    OriginalArticleType: '1',
    CanReprint: '1',
    NeedReplaceContent: '1',
    NeedShowReprintSource: '1',
  });
});

it('gives a material the same addresses every time', async () => {
  await using started = await startPushing();
  const { addNews, result } = started;
  const mpnews = { media_id: await addNews('content') };
  const urls = async (clientmsgid: string) =>
    (await result({ msgtype: 'mpnews', mpnews, clientmsgid }, toTag(2))).ArticleUrlResult;
  expect(await urls('send-1')).toEqual(await urls('send-2'));
});

it.each([
  ['涉嫌广告', 10001],
  ['涉嫌政治', 20001],
  ['涉嫌色情', 20002],
  ['涉嫌社会', 20004],
  ['涉嫌违法犯罪', 20006],
  ['涉嫌欺诈', 20008],
  ['涉嫌版权', 20013],
  ['涉嫌其他', 21000],
  ['涉嫌互推', 22000],
])('turns down %s with err(%i)', async (word, code) => {
  await using started = await startPushing();
  const { result, addNews, status } = started;
  const sent = await result(text(`这条${word}`));
  expect(sent).toMatchObject({ Status: `err(${code})`, TotalCount: '0', SentCount: '0' });
  expect(await status(sent.msg_id)).toBe('SEND_FAIL');
  const mpnews = { media_id: await addNews(`<p>${word}</p>`) };
  const articles = await result({ msgtype: 'mpnews', mpnews }, toTag(2));
  expect(articles.Status).toBe(`err(${code})`);
});
