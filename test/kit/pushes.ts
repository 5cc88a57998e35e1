import { createHash } from 'node:crypto';
import { type PushToSign, signPush } from '../../src/callback/sign-push.ts';
import type { World } from './world.ts';

export interface Result {
  msgId: string;
  status?: string;
  counts?: { total: number; eligible: number; sent: number; failed: number };
}

/** A MASSSENDJOBFINISH, as XML. */
export function resultXml({ msgId, status = 'send success', counts }: Result): string {
  const { total, eligible, sent, failed } = counts ?? { total: 100, eligible: 80, sent: 75, failed: 5 };
  return [
    '<xml><ToUserName><![CDATA[gh_4d00ed8d6399]]></ToUserName>',
    '<FromUserName><![CDATA[oV5CrjpxgaGXNHIQigzNlgLTnwic]]></FromUserName>',
    '<CreateTime>1481013459</CreateTime><MsgType><![CDATA[event]]></MsgType>',
    `<Event><![CDATA[MASSSENDJOBFINISH]]></Event><MsgID>${msgId}</MsgID><Status><![CDATA[${status}]]></Status>`,
    `<TotalCount>${total}</TotalCount><FilterCount>${eligible}</FilterCount>`,
    `<SentCount>${sent}</SentCount><ErrorCount>${failed}</ErrorCount></xml>`,
  ].join('\n');
}

/** What is set for the first account of the world, with which its pushes are signed. */
export const signed = (world: World, body: string, push: Partial<PushToSign> = {}) => {
  const [account] = world.config.accounts;
  const { appId = '', callbackToken, encodingAesKey } = account ?? {};
  return signPush({
    token: callbackToken ?? '',
    appId,
    body,
    timestamp: Math.floor(world.clock.now().getTime() / 1000),
    // No two pushes of WeChat have the same.
    nonce: createHash('sha256').update(body).digest('hex').slice(0, 12),
    mode: encodingAesKey ? 'encrypted' : 'plain',
    ...(encodingAesKey ? { encodingAesKey } : {}),
    ...push,
  });
};

export interface PushAnswer {
  status: number;
  body: string;
}

/** Posts to the callback URL of an account. */
export async function postPush(
  world: World,
  { query, body, contentType }: { query: URLSearchParams; body: string; contentType: string },
  appId = world.appId,
): Promise<PushAnswer> {
  const response = await fetch(`${world.url}/wechat/callback/${appId}?${query}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body,
  });
  return { status: response.status, body: await response.text() };
}

/** Lets WeChat push the results of as many sends that were made elsewhere, eight at a time, and gives their ids. */
export async function pushForeignResults(
  world: World,
  count: number,
  from = 7_000_000_001,
): Promise<string[]> {
  const msgIds = Array.from({ length: count }, (_, index) => String(from + index));
  const waiting = msgIds.values();
  const push = async () => {
    for (const msgId of waiting) {
      if (!(await world.sandbox.push(world.appId, resultXml({ msgId })))) throw new Error('it was not taken');
    }
  };
  await Promise.all(Array.from({ length: 8 }, push));
  return msgIds;
}
