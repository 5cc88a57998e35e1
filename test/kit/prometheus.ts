import type { World } from './world.ts';

export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

export interface Family {
  help: string;
  type: string;
  samples: Sample[];
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;

/** Reads Prometheus's text format 0.0.4, every line of it, and throws for what it does not allow. */
export function readExposition(text: string): Map<string, Family> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let current = '';
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '') continue;
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment) {
      const [, kind, name = '', rest = ''] = comment;
      if (kind === 'HELP') {
        if (families.has(name)) throw new Error(`${name} stands there twice`);
        families.set(name, { help: rest, type: '', samples: [] });
        current = name;
      } else families.get(name)!.type = rest;
      continue;
    }
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    const family = families.get(current);
    if (!name || !family || !name.startsWith(current)) throw new Error(`cannot be read: ${line}`);
    const number = Number(value.replace('Inf', 'Infinity'));
    if (Number.isNaN(number)) throw new Error(`no number: ${line}`);
    family.samples.push({ name, labels: readLabels(labels, line), value: number });
  }
  return families;
}

function readLabels(text: string, line: string): Record<string, string> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (!name || name in labels) throw new Error(`labels cannot be read: ${line}`);
    labels[name] = value;
  }
  return labels;
}

export async function scrape(world: World): Promise<Map<string, Family>> {
  const response = await fetch(`${world.url}/metrics`);
  if (response.status !== 200) throw new Error(`HTTP ${response.status}`);
  return readExposition(await response.text());
}

/** The value of the one series with these labels; null where there is none. */
export function seriesOf(
  families: Map<string, Family>,
  name: string,
  labels: Record<string, string> = {},
): number | null {
  const samples = [...families.values()].flatMap((family) => family.samples);
  const fitting = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (fitting.length > 1) throw new Error(`${name} has ${fitting.length} series with these labels`);
  return fitting[0]?.value ?? null;
}
