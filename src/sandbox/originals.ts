export interface Original {
  title: string;
  /** The account that it belongs to. */
  account: string;
  url: string;
  /** An article that contains this sentence is taken for a reprint. */
  sentence: string;
  reprintAllowed: boolean;
}

/**
 * The originals the sandbox knows. An article whose content contains the sentence of one is a hit:
 *
 * | title        | account  | sentence                                   | reprinting |
 * |--------------|----------|--------------------------------------------|------------|
 * | 春天的第一杯茶 | 山间茶事 | 第一杯春茶，是写给山里的一封回信。         | allowed    |
 * | 夜航笔记     | 海上通讯 | 灯塔每转一圈，海就被读过一遍。             | allowed    |
 * | 老城最后的钟匠 | 城事周刊 | 他修好了全城的钟，却从不看时间。           | forbidden  |
 *
 * | hit                | `send_ignore_reprint` | `Status`       | `CheckState` |
 * |--------------------|-----------------------|----------------|--------------|
 * | none               | 0 or 1                | `send success` | 1            |
 * | allowed            | 1                     | `send success` | 2            |
 * | allowed            | 0                     | `err(30003)`   | 2            |
 * | at least one forbidden | 0 or 1            | `err(30002)`   | 3            |
 */
export const originals: readonly Original[] = [
  {
    title: '春天的第一杯茶',
    account: '山间茶事',
    url: 'http://mp.weixin.qq.com/s?__biz=c2FuZGJveA==&mid=100001&idx=1&sn=tea#rd',
    sentence: '第一杯春茶，是写给山里的一封回信。',
    reprintAllowed: true,
  },
  {
    title: '夜航笔记',
    account: '海上通讯',
    url: 'http://mp.weixin.qq.com/s?__biz=c2FuZGJveA==&mid=100002&idx=1&sn=sea#rd',
    sentence: '灯塔每转一圈，海就被读过一遍。',
    reprintAllowed: true,
  },
  {
    title: '老城最后的钟匠',
    account: '城事周刊',
    url: 'http://mp.weixin.qq.com/s?__biz=c2FuZGJveA==&mid=100003&idx=1&sn=clock#rd',
    sentence: '他修好了全城的钟，却从不看时间。',
    reprintAllowed: false,
  },
];

/** The original that this article's content is taken from. One that may not be reprinted counts before others. */
export function findOriginal(content: string): Original | undefined {
  const hits = originals.filter(({ sentence }) => content.includes(sentence));
  return hits.find(({ reprintAllowed }) => !reprintAllowed) ?? hits[0];
}
