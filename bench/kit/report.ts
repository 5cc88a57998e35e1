import { median } from './rounds.ts';
import type { Comparison, Measured, Series } from './row.ts';

export interface Result extends Measured {
  name: string;
  title: string;
  seconds: number;
  at: string;
}

export interface Ratio {
  middle: number;
  lowest: number;
  highest: number;
  /** Null where there is no goal. */
  reached: boolean | null;
  /** How many times better than the goal, whichever way it goes: 1 is just reached. */
  margin: number | null;
}

/** The ratio of a comparison, of round to round as they were measured beside each other. */
export function ratioOf({ series }: Measured, comparison: Comparison): Ratio {
  const { of, to, atLeast, atMost } = comparison;
  const valuesOf = (name: string): number[] => {
    const found = series.find((each) => each.name === name);
    if (!found) throw new Error(`nothing was measured of ${name}`);
    return found.values;
  };
  const ones = valuesOf(of);
  const others = valuesOf(to);
  const ratios = ones.map((value, round) => value / (others[round] ?? others[0] ?? Number.NaN));
  // What is told is what is judged: more digits than that were not measured.
  const middle = Number(median(ratios).toFixed(digitsOf(median(ratios))));
  const margin = atLeast !== undefined ? middle / atLeast : atMost !== undefined ? atMost / middle : null;
  return {
    middle,
    lowest: Math.min(...ratios),
    highest: Math.max(...ratios),
    margin,
    reached: margin === null ? null : margin >= 1,
  };
}

export const goalOf = ({ atLeast, atMost }: Comparison): string =>
  atLeast !== undefined ? `at least ${atLeast}×` : atMost !== undefined ? `at most ${atMost}×` : '';

const digitsOf = (value: number): number => (Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2);

export function numberOf(value: number): string {
  const digits = digitsOf(value);
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A row as text for a terminal, and for a file of Markdown too. */
export function tableOf(result: Result): string {
  const { title, name, setup, series, comparisons } = result;
  const rounds = Math.max(...series.map(({ values }) => values.length));
  const measured = series.map(({ name: who, unit, values }: Series) => [
    who,
    `${numberOf(median(values))} ${unit}`,
    values.length > 1 ? `${numberOf(Math.min(...values))} to ${numberOf(Math.max(...values))}` : '',
  ]);
  const compared = comparisons.map((comparison) => {
    const { middle, lowest, highest, reached } = ratioOf(result, comparison);
    return [
      `${comparison.of} ÷ ${comparison.to}`,
      `${numberOf(middle)}×`,
      `${numberOf(lowest)} to ${numberOf(highest)}`,
      goalOf(comparison),
      reached === null ? '' : reached ? 'yes' : 'no',
    ];
  });
  return [
    `### ${name}: ${title}`,
    '',
    `${setup}; ${rounds === 1 ? 'once' : `${rounds} rounds`}.`,
    '',
    ...markdown(['measured', 'median', 'range'], measured),
    '',
    ...markdown(['ratio', 'median', 'range', 'goal', 'reached'], compared),
  ].join('\n');
}

/** A table whose columns stand below each other as text too. */
export function markdown(heads: string[], rows: string[][]): string[] {
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(heads), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)];
}
