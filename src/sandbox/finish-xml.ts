import { createHash } from 'node:crypto';
import { openIdOf } from './population.ts';
import type { CopyrightCheck } from './review.ts';
import type { SandboxSend, SendResult } from './send.ts';

/** The `gh_…` name of an account. */
const userNameOf = (appId: string): string =>
  `gh_${createHash('sha1').update(appId).digest('hex').slice(0, 12)}`;

// The real event comes from some follower, and not from "mphelper" as documented.
const sender = openIdOf(1);

const cdata = (text: string) => `<![CDATA[${text}]]>`;

/** MASSSENDJOBFINISH as WeChat pushes it. */
export function finishXml({ appId, msgId }: SandboxSend, result: SendResult, at: Date): string {
  const { status, counts, copyright, articleUrls } = result;
  return [
    '<xml>',
    `<ToUserName>${cdata(userNameOf(appId))}</ToUserName>`,
    `<FromUserName>${cdata(sender)}</FromUserName>`,
    `<CreateTime>${Math.floor(at.getTime() / 1000)}</CreateTime>`,
    `<MsgType>${cdata('event')}</MsgType>`,
    `<Event>${cdata('MASSSENDJOBFINISH')}</Event>`,
    // With a capital D, unlike other events.
    `<MsgID>${msgId}</MsgID>`,
    `<Status>${cdata(status)}</Status>`,
    `<TotalCount>${counts.total}</TotalCount>`,
    `<FilterCount>${counts.eligible}</FilterCount>`,
    `<SentCount>${counts.sent}</SentCount>`,
    `<ErrorCount>${counts.failed}</ErrorCount>`,
    ...(copyright ? [copyrightXml(copyright)] : []),
    ...(articleUrls.length > 0 ? [articleUrlsXml(articleUrls)] : []),
    '</xml>',
  ].join('\n');
}

const list = (items: readonly string[]) =>
  `<Count>${items.length}</Count>\n<ResultList>${items.map((item) => `<item>\n${item}\n</item>`).join('\n')}</ResultList>`;

function copyrightXml({ checkState, hits }: CopyrightCheck): string {
  const items = hits.map(({ articleIdx, original: { url, reprintAllowed } }) => {
    const may = reprintAllowed ? 1 : 0;
    return [
      `<ArticleIdx>${articleIdx}</ArticleIdx>`,
      '<UserDeclareState>0</UserDeclareState>',
      '<AuditState>2</AuditState>',
      `<OriginalArticleUrl>${cdata(url)}</OriginalArticleUrl>`,
      '<OriginalArticleType>1</OriginalArticleType>',
      `<CanReprint>${may}</CanReprint>`,
      `<NeedReplaceContent>${may}</NeedReplaceContent>`,
      `<NeedShowReprintSource>${may}</NeedShowReprintSource>`,
    ].join('\n');
  });
  return `<CopyrightCheckResult>\n${list(items)}\n<CheckState>${checkState}</CheckState>\n</CopyrightCheckResult>`;
}

function articleUrlsXml(urls: readonly string[]): string {
  const items = urls.map(
    (url, index) => `<ArticleIdx>${index + 1}</ArticleIdx>\n<ArticleUrl>${cdata(url)}</ArticleUrl>`,
  );
  return `<ArticleUrlResult>\n${list(items)}\n</ArticleUrlResult>`;
}
