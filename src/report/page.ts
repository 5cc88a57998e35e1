import { minuteInBeijing } from '../campaigns/days.ts';
import type { Cell } from '../db/view-reader.ts';
import type { Chart } from './charts.ts';
import { deliveredPercent, type Figures, type Row } from './figures.ts';
import { typeName } from './outcomes.ts';
import { style } from './style.ts';

/** The page asks nobody for anything: no script, no picture, no font. For a header and for the page itself, which is also read as a file. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

const DASH = '–';

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** What is not known is a dash, never 0. */
const number = (value: Cell | undefined): string =>
  typeof value === 'number' ? value.toLocaleString('en') : DASH;

const percent = (value: number | null): string => (value === null ? DASH : `${value.toFixed(1)}%`);

export interface PageContents {
  figures: Figures;
  charts: Chart[];
  madeAt: Date;
  /** Whether the table tells accounts apart. */
  severalAccounts: boolean;
}

export function printPage({ figures, charts, madeAt, severalAccounts }: PageContents): string {
  const { days, sends } = figures;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>qunfa 群发: ${days[0]} to ${days.at(-1)}</title>
<style>${style}</style>
<h1>Mass sends <span lang="zh">群发报告</span></h1>
<p>What was asked for from ${days[0]} to ${days.at(-1)}, by Beijing days. A dash is a figure that WeChat has not told. Made at ${minuteInBeijing(madeAt)} in Beijing.</p>
${headline(figures)}
${sends === 0 ? '<p class="nothing">Nothing was sent in these days. <span lang="zh">这段时间没有群发。</span></p>' : contents()}
</html>
`;

  function contents(): string {
    return [...charts.map(figure), table(figures, severalAccounts)].join('\n');
  }
}

function headline({ sends, failures, counts, reprints }: Figures): string {
  const all = [
    ['sends', 'Sends', '群发', number(sends)],
    ['delivered', 'Delivered', '送达', number(counts.delivered)],
    ['percent', 'of the eligible', '送达率', percent(deliveredPercent(counts))],
    ['failures', 'Failed sends', '失败', number(failures)],
    [
      ...['reprints', 'Reprints of articles checked', '转载'],
      reprints ? `${number(reprints.reprints)} / ${number(reprints.checked)}` : DASH,
    ],
  ];
  const entries = all.map(
    ([name, english, chinese, value]) =>
      `<div><dt>${english} <span lang="zh">${chinese}</span></dt><dd data-figure="${name}">${value}</dd></div>`,
  );
  return `<dl>\n${entries.join('\n')}\n</dl>`;
}

const figure = ({ name, title, svg, nothing }: Chart): string =>
  `<figure id="${name}"><figcaption>${title}</figcaption>\n${svg ?? `<p class="nothing">${nothing}</p>`}</figure>`;

function table({ latest, sends }: Figures, severalAccounts: boolean): string {
  const heads = [
    ...(severalAccounts ? ['Account 账号'] : []),
    ...['Label 名称', 'Asked for 时间', 'Type 类型', 'Status 状态'],
  ];
  const figures = ['Audience 总数', 'Eligible 可发送', 'Delivered 送达', 'Failed 失败'];
  const row = (each: Row): string => {
    const words = [
      ...(severalAccounts ? [String(each.app_id)] : []),
      each.label === null ? DASH : String(each.label),
      minuteInBeijing(new Date(`${String(each.created_at).replace(' ', 'T')}Z`)),
      typeName(String(each.message_type)),
      String(each.status),
    ];
    const counts = [each.total_count, each.eligible_count, each.sent_count, each.failed_count];
    return `<tr data-campaign="${escapeHtml(String(each.campaign_id))}">${[
      ...words.map((word) => `<td>${escapeHtml(word)}</td>`),
      ...counts.map((count) => `<td class="number">${number(count)}</td>`),
    ].join('')}</tr>`;
  };
  const left = sends - latest.length;
  return `<h2>Campaigns <span lang="zh">群发任务</span></h2>
<div class="wide"><table>
<thead><tr>${heads.map((head) => `<th>${head}</th>`).join('')}${figures.map((head) => `<th class="number">${head}</th>`).join('')}</tr></thead>
<tbody>
${latest.map(row).join('\n')}
</tbody>
</table></div>${left > 0 ? `\n<p>The latest ${latest.length}; ${number(left)} more are in <code>/export/bi_campaigns.csv</code>.</p>` : ''}`;
}
