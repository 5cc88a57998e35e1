import type { ProofResult } from './proof.ts';
import { table } from './table.ts';
import { Finding, offences } from './verdict.ts';

/** More of them would hide the first. */
const SHOWN = 20;

const isTaken = (finding: Finding) => finding !== Finding.DECLINED && finding !== Finding.NEVER_TAKEN;

/** The table, with every offence in words where there is one, and whether the promise was kept. */
export function report(result: ProofResult, asked: { seed: number; kills: number }) {
  const { judged, missedPoints, seconds } = result;
  const count = (wanted: Finding) => judged.filter(({ finding }) => finding === wanted).length;
  const wrong = judged.filter(({ finding }) => offences.has(finding));
  const intents = judged.filter(({ finding }) => isTaken(finding)).length;
  const kills = [...result.kills.values()].reduce((sum, times) => sum + times, 0);
  // Somebody who asks for a few kills does not ask for every point.
  const hasHole = missedPoints.length > 0 && asked.kills >= result.kills.size;
  const sections = [
    `seed ${asked.seed}, ${kills.toLocaleString('en')} kills in ${Math.round(seconds)} s`,
    `killed at\n${table([...result.kills])}`,
    `gone wrong at WeChat\n${table([...result.faults].sort())}`,
    `found\n${table([['intents', intents], ...Object.values(Finding).map((finding) => [finding, count(finding)] as const)])}`,
    ...(hasHole ? [`never killed at: ${missedPoints.join(', ')}`] : []),
    ...wrong.slice(0, SHOWN).map(({ finding, about }) => `${finding.toUpperCase()}  ${about}`),
    ...(wrong.length > SHOWN ? [`and ${wrong.length - SHOWN} more`] : []),
  ];
  return { text: sections.join('\n\n'), holds: wrong.length === 0 && !hasHole };
}
