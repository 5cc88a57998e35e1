import { signPush } from '../../src/callback/sign-push.ts';
import { ACCOUNT } from './gateway.ts';
import type { LoadRequest } from './load.ts';

let last = 7_000_000_000;

/** A msg_id that no push of this run has had. */
export const newMsgId = (): string => String(++last);

/** WeChat's result event of a send, as it pushes it to an account in the encrypted mode. */
export function resultPush(msgId: string, appId: string = ACCOUNT.appId): LoadRequest {
  const xml = [
    '<xml>',
    '<ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>',
    '<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>',
    '<CreateTime>1481013459</CreateTime>',
    '<MsgType><![CDATA[event]]></MsgType>',
    '<Event><![CDATA[MASSSENDJOBFINISH]]></Event>',
    `<MsgID>${msgId}</MsgID>`,
    '<Status><![CDATA[send success]]></Status>',
    '<TotalCount>5000</TotalCount><FilterCount>4900</FilterCount><SentCount>4890</SentCount><ErrorCount>10</ErrorCount>',
    '<CopyrightCheckResult><Count>2</Count><ResultList>',
    ...[1, 2].map(
      (index) =>
        `<item><ArticleIdx>${index}</ArticleIdx><UserDeclareState>0</UserDeclareState><AuditState>2</AuditState><OriginalArticleUrl><![CDATA[http://mp.weixin.qq.com/s?__biz=MzA4&mid=2247&idx=${index}]]></OriginalArticleUrl><OriginalArticleType>1</OriginalArticleType><CanReprint>1</CanReprint><NeedReplaceContent>1</NeedReplaceContent><NeedShowReprintSource>1</NeedShowReprintSource></item>`,
    ),
    '</ResultList><CheckState>2</CheckState></CopyrightCheckResult>',
    '</xml>',
  ].join('\n');
  const { query, body, contentType } = signPush({
    token: ACCOUNT.callbackToken,
    appId,
    encodingAesKey: ACCOUNT.encodingAesKey,
    mode: 'encrypted',
    body: xml,
    timestamp: Math.floor(Date.now() / 1000),
    nonce: msgId,
  });
  return {
    path: `/wechat/callback/${appId}?${query}`,
    headers: { 'content-type': contentType },
    body,
  };
}

/** What the callback URL must answer, or WeChat pushes again. */
export function checkTaken(status: number, body: Buffer): void {
  if (status !== 200 || body.toString() !== 'success')
    throw new Error(`a push was answered ${status} ${body}`);
}
