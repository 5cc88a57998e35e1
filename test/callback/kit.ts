import { PushRefusedError } from '../../src/callback/push-refused-error.ts';

export const APP_ID = 'wxb11529c136998cb6';
export const TOKEN = 'spamtest';
export const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const OTHER_KEY = 'ZYXWVUTSRQPONMLKJIHGFEDCBA9876543210zyxwvut';

/** What a call was refused with; anything but a refusal fails the test. */
export const refusalOf = (call: () => unknown): { status: number; message: string } => {
  try {
    call();
  } catch (error) {
    if (error instanceof PushRefusedError) return { status: error.status, message: error.message };
    throw error;
  }
  throw new Error('It was not refused.');
};

/** A MASSSENDJOBFINISH as WeChat writes it; `fields` follow the counts. */
export const finishedXml = ({
  msgId = '1000001625',
  status = '<![CDATA[send success]]>',
  counts = '<TotalCount>100</TotalCount><FilterCount>80</FilterCount><SentCount>75</SentCount><ErrorCount>5</ErrorCount>',
  fields = '',
} = {}): string => `<xml>
<ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>
<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>
<CreateTime>1481013459</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[MASSSENDJOBFINISH]]></Event>
<MsgID>${msgId}</MsgID>
<Status>${status}</Status>
${counts}
${fields}
</xml>`;
