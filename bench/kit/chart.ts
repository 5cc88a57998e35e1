import { goalOf, numberOf, type Result, ratioOf } from './report.ts';

const WIDTH = 900;
const LINE = 24;
const TOP = 64;
/** Where the bars begin, and how far they may go. */
const FROM = 500;
const TO = 790;
/** The ends of the scale, as a multiple of the goal. */
const LEAST = 1 / 8;
const MOST = 8;

const COLOURS = { floor: '#8c8c8c', peer: '#2f7ed8', limit: '#b58a2f' };

const placeOf = (margin: number): number => {
  const within = Math.min(Math.max(margin, LEAST), MOST);
  return FROM + ((TO - FROM) * Math.log(within / LEAST)) / Math.log(MOST / LEAST);
};

/** A bar for every ratio that has a goal, on a logarithmic scale on which every goal stands in the same place. */
export function chartOf(results: readonly Result[]): string {
  const bars = results.flatMap((result) =>
    result.comparisons.flatMap((comparison) => {
      const { middle, margin, reached } = ratioOf(result, comparison);
      if (margin === null) return [];
      const label = `${result.name}: ${comparison.of} ÷ ${comparison.to}`;
      return [
        {
          label,
          told: `${numberOf(middle)}× (${goalOf(comparison)})`,
          margin,
          reached,
          against: comparison.against,
        },
      ];
    }),
  );
  const height = TOP + bars.length * LINE + 20;
  const goal = placeOf(1);
  const drawn = bars.map(({ label, told, margin, reached, against }, index) => {
    const y = TOP + index * LINE;
    const end = placeOf(margin);
    return [
      text(FROM - 10, y + 15, label, 'text-anchor="end"'),
      `<rect x="${FROM}" y="${y + 3}" width="${(end - FROM).toFixed(1)}" height="${LINE - 8}" rx="2" fill="${COLOURS[against]}" opacity="${reached ? 1 : 0.45}"/>`,
      text(Math.max(end, goal) + 6, y + 15, told, ''),
    ].join('\n');
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + 120} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-labelledby="title">
<title id="title">qunfa against floors and peers</title>
<rect width="100%" height="100%" fill="#ffffff"/>
${text(20, 24, 'qunfa against floors and peers', 'font-size="16" font-weight="600"')}
${text(20, 44, 'A bar that passes the line is better than its goal; pale ones do not reach it. Logarithmic scale.', 'fill="#555555"')}
${(['floor', 'peer', 'limit'] as const).map((kind, index) => `<rect x="${620 + index * 80}" y="14" width="12" height="12" fill="${COLOURS[kind]}"/>${text(638 + index * 80, 24, kind, '')}`).join('\n')}
${drawn.join('\n')}
<line x1="${goal.toFixed(1)}" y1="${TOP - 8}" x2="${goal.toFixed(1)}" y2="${height - 14}" stroke="#c0392b" stroke-width="1.5"/>
${text(goal, TOP - 12, 'goal', 'fill="#c0392b" text-anchor="middle"')}
</svg>
`;
}

const text = (x: number, y: number, content: string, attributes: string): string =>
  `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${content.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`;
