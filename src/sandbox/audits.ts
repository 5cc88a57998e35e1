/**
 * Words that make the sandbox's audit turn a send down after it was accepted. They count in a text, in the title, content and
 * digest of an article, in the title and description of a video, and in the words that go with several pictures.
 *
 * | word         | `Status` of the result |
 * |--------------|------------------------|
 * | 涉嫌广告     | `err(10001)`           |
 * | 涉嫌政治     | `err(20001)`           |
 * | 涉嫌色情     | `err(20002)`           |
 * | 涉嫌社会     | `err(20004)`           |
 * | 涉嫌违法犯罪 | `err(20006)`           |
 * | 涉嫌欺诈     | `err(20008)`           |
 * | 涉嫌版权     | `err(20013)`           |
 * | 涉嫌其他     | `err(21000)`           |
 * | 涉嫌互推     | `err(22000)`           |
 * | 原创校验出错 | `err(30001)`, for articles sent with `send_ignore_reprint` 0 |
 */
export const auditWords: Readonly<Record<string, number>> = {
  涉嫌广告: 10001,
  涉嫌政治: 20001,
  涉嫌色情: 20002,
  涉嫌社会: 20004,
  涉嫌违法犯罪: 20006,
  涉嫌欺诈: 20008,
  涉嫌版权: 20013,
  涉嫌其他: 21000,
  涉嫌互推: 22000,
};

/** The words that make the originality check itself break down. */
export const BROKEN_CHECK = '原创校验出错';

/** The N of `err(N)`, or undefined where the audit finds nothing. */
export const audit = (texts: readonly string[]): number | undefined =>
  Object.entries(auditWords).find(([word]) => texts.some((text) => text.includes(word)))?.[1];
