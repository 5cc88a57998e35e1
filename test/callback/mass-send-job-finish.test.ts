import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { massSendJobFinish } from '../../src/callback/mass-send-job-finish.ts';
import { readPush } from '../../src/callback/read-push.ts';
import { finishedXml } from './kit.ts';

const resultOf = (text: string) => massSendJobFinish(readPush(text));
const finished = (parts: Parameters<typeof finishedXml>[0]) => resultOf(finishedXml(parts))!;

const DOCUMENTED_ITEM = (index: number) => `<item>
<ArticleIdx>${index}</ArticleIdx>
<UserDeclareState>0</UserDeclareState>
<AuditState>2</AuditState>
<OriginalArticleUrl><![CDATA[Url_${index}]]></OriginalArticleUrl>
<OriginalArticleType>1</OriginalArticleType>
<CanReprint>1</CanReprint>
<NeedReplaceContent>1</NeedReplaceContent>
<NeedShowReprintSource>1</NeedShowReprintSource>
</item>`;

const DOCUMENTED_RESULT = (index: number) => ({
  articleIndex: index,
  userDeclareState: 0,
  auditState: 2,
  originalArticleUrl: `Url_${index}`,
  originalArticleType: 1,
  canReprint: true,
  needReplaceContent: true,
  needShowReprintSource: true,
});

describe('a MASSSENDJOBFINISH', () => {
  it('is read as documented', () => {
    const result = finished({
      status: '<![CDATA[err(30003)]]>',
      counts:
        '<TotalCount>0</TotalCount>\n<FilterCount>0</FilterCount>\n<SentCount>0</SentCount>\n<ErrorCount>0</ErrorCount>',
      fields: `<CopyrightCheckResult>
<Count>2</Count>
<ResultList>
${DOCUMENTED_ITEM(1)}
${DOCUMENTED_ITEM(2)}
</ResultList>
<CheckState>2</CheckState>
</CopyrightCheckResult>`,
    });
    expect(result).toEqual({
      msgId: '1000001625',
      rawStatus: 'err(30003)',
      delivered: false,
      failure: {
        code: 30003,
        reason:
          'the originality check found a reprint, and reprints were not to be sent (原创校验被判定为转载文且用户选择了被判为转载就不群发)',
        rawStatus: 'err(30003)',
        retryable: false,
      },
      counts: { total: 0, eligible: 0, sent: 0, failed: 0 },
      copyrightCheck: { state: 'REPRINT_ALLOWED', results: [DOCUMENTED_RESULT(1), DOCUMENTED_RESULT(2)] },
      articleUrls: [],
    });
  });

  it('says the same in JSON as in XML', () => {
    const json = (list: string) => `{
      "ToUserName": "gh_4d00ed8d6399", "FromUserName": "oV5CrjpxgaGXNHIQigzNlgLTnwic", "CreateTime": 1481013459,
      "MsgType": "event", "Event": "MASSSENDJOBFINISH", "MsgID": 1000001625, "Status": "send success",
      "TotalCount": 100, "FilterCount": 80, "SentCount": 75, "ErrorCount": 5,
      "CopyrightCheckResult": { "Count": 1, "ResultList": ${list}, "CheckState": 2 },
      "ArticleUrlResult": { "Count": 1, "ResultList": [{ "ArticleIdx": 1, "ArticleUrl": "https://mp.weixin.qq.com/s/a" }] }
    }`;
    const item = `{ "ArticleIdx": 1, "UserDeclareState": 0, "AuditState": 2, "OriginalArticleUrl": "Url_1",
      "OriginalArticleType": 1, "CanReprint": 1, "NeedReplaceContent": 1, "NeedShowReprintSource": 1 }`;
    const xml = finished({
      fields: `<CopyrightCheckResult><Count>1</Count><ResultList>${DOCUMENTED_ITEM(1)}</ResultList><CheckState>2</CheckState></CopyrightCheckResult>
<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[https://mp.weixin.qq.com/s/a]]></ArticleUrl></item></ResultList></ArticleUrlResult>`,
    });
    expect(xml.copyrightCheck?.results).toEqual([DOCUMENTED_RESULT(1)]);
    for (const list of [`[${item}]`, `{"item": ${item}}`, `{"item": [${item}]}`]) {
      expect(resultOf(json(list))).toEqual(xml);
    }
  });

  it.each([
    ['send success', true, null],
    ['sendsuccess', true, null],
    [' Send  Success\n', true, null],
    ['SENDSUCCESS', true, null],
    ['send fail', false, null],
    ['sendfail', false, null],
    ['Send Fail', false, null],
    ['err(10001)', false, 10001],
    ['ERR( 20013 )', false, 20013],
    ['err(99999)', false, 99999],
    ['err(-1)', false, -1],
  ])('with the status %j is delivered: %s, with code %s', (status, delivered, code) => {
    const result = finished({ status: `<![CDATA[${status}]]>` });
    expect(result).toMatchObject({ rawStatus: status, delivered });
    if (delivered) expect(result.failure).toBeNull();
    else expect(result.failure).toMatchObject({ code, rawStatus: status });
  });

  it.each([
    ['10001', 'suspected advertising (涉嫌广告)', false],
    ['20001', 'suspected political content (涉嫌政治)', false],
    ['20002', 'suspected pornography (涉嫌色情)', false],
    ['20004', 'suspected harm to society (涉嫌社会)', false],
    ['20006', 'suspected crime (涉嫌违法犯罪)', false],
    ['20008', 'suspected fraud (涉嫌欺诈)', false],
    ['20013', 'suspected copyright infringement (涉嫌版权)', false],
    ['21000', 'suspected of something else (涉嫌其他)', false],
    ['22000', 'suspected mutual promotion (涉嫌互推(互相宣传))', false],
    ['30001', expect.stringContaining('原创校验出现系统错误'), true],
    ['30002', expect.stringContaining('原创校验被判定为不能群发'), false],
    ['30003', expect.stringContaining('原创校验被判定为转载文'), false],
    ['12345', "refused by WeChat's review, code 12345", false],
  ])('refused with err(%s) says why', (code, reason, retryable) => {
    expect(finished({ status: `err(${code})` }).failure).toMatchObject({
      code: Number(code),
      reason,
      retryable,
    });
  });

  it('that failed without a reason can be sent again', () => {
    expect(finished({ status: 'send fail' }).failure).toEqual({
      code: null,
      reason: 'WeChat could not send it and gave no reason (send fail)',
      rawStatus: 'send fail',
      retryable: true,
    });
  });

  it.each(['', 'send partially', 'err()', 'err(x)', 'err(12345678901)', 'success'])(
    'with the unknown status %j is kept and called neither delivered nor failed',
    (status) => {
      expect(finished({ status: `<![CDATA[${status}]]>` })).toMatchObject({
        msgId: '1000001625',
        rawStatus: status,
        delivered: false,
        failure: null,
        counts: { total: 100, eligible: 80, sent: 75, failed: 5 },
      });
    },
  );

  it('without a status is called neither delivered nor failed', () => {
    const text = finishedXml().replace(/<Status>.*<\/Status>/, '');
    expect(resultOf(text)).toMatchObject({ rawStatus: '', delivered: false, failure: null });
  });

  it.each([
    [
      'all',
      '<TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount>1</ErrorCount>',
    ],
    [
      'in CDATA',
      '<TotalCount><![CDATA[ 4 ]]></TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount>1</ErrorCount>',
    ],
  ])('has counts: %s', (_, counts) => {
    expect(finished({ counts }).counts).toEqual({ total: 4, eligible: 3, sent: 2, failed: 1 });
  });

  it.each([
    ['none are given', ''],
    ['one is missing', '<TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount>'],
    [
      'one is empty',
      '<TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount/>',
    ],
    [
      'one is no number',
      '<TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>x</SentCount><ErrorCount>1</ErrorCount>',
    ],
    [
      'one is below 0',
      '<TotalCount>-4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount>1</ErrorCount>',
    ],
    [
      'one came twice',
      '<TotalCount>4</TotalCount><TotalCount>4</TotalCount><FilterCount>3</FilterCount><SentCount>2</SentCount><ErrorCount>1</ErrorCount>',
    ],
  ])('has no counts when %s', (_, counts) => {
    expect(finished({ counts }).counts).toBeNull();
  });

  it.each([
    ['missing', '', null],
    ['empty', '<CopyrightCheckResult></CopyrightCheckResult>', null],
    ['closed at once', '<CopyrightCheckResult/>', null],
    ['white space', '<CopyrightCheckResult> \n </CopyrightCheckResult>', null],
    ['CDATA of white space', '<CopyrightCheckResult><![CDATA[ ]]></CopyrightCheckResult>', null],
    [
      'nothing to check',
      '<CopyrightCheckResult><Count>0</Count><ResultList/><CheckState>0</CheckState></CopyrightCheckResult>',
      { state: 'NOT_CHECKED', results: [] },
    ],
    [
      'a list of white space',
      '<CopyrightCheckResult><Count>0</Count><ResultList>\n</ResultList><CheckState>1</CheckState></CopyrightCheckResult>',
      { state: 'NOT_REPRINT', results: [] },
    ],
    [
      'no list',
      '<CopyrightCheckResult><CheckState>3</CheckState></CopyrightCheckResult>',
      { state: 'REPRINT_FORBIDDEN', results: [] },
    ],
    [
      'no state',
      `<CopyrightCheckResult><ResultList>${DOCUMENTED_ITEM(1)}</ResultList></CopyrightCheckResult>`,
      { state: 'NOT_CHECKED', results: [DOCUMENTED_RESULT(1)] },
    ],
    [
      'a state in CDATA',
      '<CopyrightCheckResult><CheckState><![CDATA[ 2 ]]></CheckState></CopyrightCheckResult>',
      { state: 'REPRINT_ALLOWED', results: [] },
    ],
    [
      'an unknown state and no reprint',
      '<CopyrightCheckResult><ResultList><item><ArticleIdx>1</ArticleIdx><OriginalArticleUrl><![CDATA[]]></OriginalArticleUrl><CanReprint>0</CanReprint></item></ResultList><CheckState>4</CheckState></CopyrightCheckResult>',
      {
        state: 'NOT_REPRINT',
        results: [expect.objectContaining({ articleIndex: 1, originalArticleUrl: null })],
      },
    ],
    [
      'an unknown state and a reprint',
      `<CopyrightCheckResult><ResultList>${DOCUMENTED_ITEM(1)}</ResultList><CheckState>9</CheckState></CopyrightCheckResult>`,
      { state: 'REPRINT_ALLOWED', results: [DOCUMENTED_RESULT(1)] },
    ],
    [
      'an unknown state and a reprint that is not allowed',
      `<CopyrightCheckResult><ResultList>${DOCUMENTED_ITEM(1)}${DOCUMENTED_ITEM(2).replace('<CanReprint>1', '<CanReprint>0')}</ResultList><CheckState>x</CheckState></CopyrightCheckResult>`,
      {
        state: 'REPRINT_FORBIDDEN',
        results: [DOCUMENTED_RESULT(1), { ...DOCUMENTED_RESULT(2), canReprint: false }],
      },
    ],
  ])('has a copyright check of %s', (_, fields, expected) => {
    expect(finished({ fields }).copyrightCheck).toEqual(expected);
  });

  it('leaves null what an article of the copyright check does not say', () => {
    const fields = `<CopyrightCheckResult><ResultList>
      <item><ArticleIdx>2</ArticleIdx><CanReprint>0</CanReprint><NeedReplaceContent>2</NeedReplaceContent><AuditState> </AuditState></item>
      <item><ArticleIdx/></item>
      <item></item>
    </ResultList><CheckState>1</CheckState></CopyrightCheckResult>`;
    const nothing = {
      userDeclareState: null,
      auditState: null,
      originalArticleUrl: null,
      originalArticleType: null,
      canReprint: null,
      needReplaceContent: null,
      needShowReprintSource: null,
    };
    expect(finished({ fields }).copyrightCheck?.results).toEqual([
      { ...nothing, articleIndex: 2, canReprint: false },
      { ...nothing, articleIndex: 2 },
    ]);
  });

  it.each([
    ['missing', '', []],
    ['empty', '<ArticleUrlResult/>', []],
    ['white space', '<ArticleUrlResult>\n</ArticleUrlResult>', []],
    ['an empty list', '<ArticleUrlResult><Count>0</Count><ResultList/></ArticleUrlResult>', []],
    [
      'one item',
      '<ArticleUrlResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl><![CDATA[http://a?b=1&c=2]]></ArticleUrl></item></ResultList></ArticleUrlResult>',
      [{ articleIndex: 1, url: 'http://a?b=1&c=2' }],
    ],
    [
      'several items, one without its address',
      '<ArticleUrlResult><Count>3</Count><ResultList><item><ArticleIdx>1</ArticleIdx><ArticleUrl>u1</ArticleUrl></item><item><ArticleIdx>2</ArticleIdx></item><item><ArticleIdx>3</ArticleIdx><ArticleUrl>u3</ArticleUrl></item></ResultList></ArticleUrlResult>',
      [
        { articleIndex: 1, url: 'u1' },
        { articleIndex: 3, url: 'u3' },
      ],
    ],
    [
      'items that do not say which article they are about',
      '<ArticleUrlResult><ResultList><item><ArticleUrl>u1</ArticleUrl></item><item><ArticleIdx>0</ArticleIdx><ArticleUrl>u2</ArticleUrl></item></ResultList></ArticleUrlResult>',
      [
        { articleIndex: 1, url: 'u1' },
        { articleIndex: 2, url: 'u2' },
      ],
    ],
  ])('has article addresses: %s', (_, fields, expected) => {
    expect(finished({ fields }).articleUrls).toEqual(expected);
  });

  it('keeps every digit of its id, in XML and in JSON', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), (id) => {
        const msgId = String(id);
        expect(finished({ msgId }).msgId).toBe(msgId);
        expect(finished({ msgId: `<![CDATA[${msgId}]]>` }).msgId).toBe(msgId);
        expect(resultOf(`{"Event":"MASSSENDJOBFINISH","MsgID":${msgId}}`)?.msgId).toBe(msgId);
        expect(resultOf(`{"Event":"MASSSENDJOBFINISH","MsgID":"${msgId}"}`)?.msgId).toBe(msgId);
      }),
    );
  });

  it('may write its id as the other events do', () => {
    expect(resultOf(finishedXml().replaceAll('MsgID>', 'MsgId>'))?.msgId).toBe('1000001625');
  });

  it.each(['', ' ', '0', 'abc', '-1', '1.5', '1e9', '123456789012345678901', '1</MsgID><MsgID>2'])(
    'with the id %j says nothing about a job',
    (msgId) => {
      expect(resultOf(finishedXml({ msgId }))).toBeNull();
    },
  );
});

describe('any other push', () => {
  it.each([
    '<xml><MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>1</MsgID><Status>success</Status></xml>',
    '<xml><MsgType>text</MsgType><Content>MASSSENDJOBFINISH</Content><MsgId>90261533849829378</MsgId></xml>',
    '<xml><Event><Event>MASSSENDJOBFINISH</Event></Event><MsgID>1</MsgID></xml>',
    '{"MsgType":"event","Event":"subscribe"}',
  ])('says nothing about a mass-send job: %s', (text) => {
    expect(resultOf(text)).toBeNull();
  });
});
