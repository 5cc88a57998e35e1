import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';

const SRC = resolve(import.meta.dirname, '../src');

interface SourceFile {
  /** From `src`, with slashes. */
  path: string;
  text: string;
  /** The folder, or the file itself where it stands alone. */
  part: string;
  imports: string[];
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\('([^']+)'\)/g;

const files: SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8');
    const imports = [...text.matchAll(IMPORT)].map(([, one, two, three]) => one ?? two ?? three ?? '');
    return { path, text, part: partOf(path), imports };
  });

function partOf(path: string): string {
  return path.split('/')[0] ?? path;
}

/** What each part may import, besides what is its own. */
const mayImport: Record<string, string[]> = {
  'main.ts': ['server.ts', 'config', 'db', 'clock.ts', 'logger.ts', 'censor.ts'],
  'server.ts': [
    ...['front.ts', 'http', 'schema', 'resolvers', 'delivery', 'analytics', 'sandbox'],
    ...['events', 'db', 'wechat', 'campaigns', 'open-access.ts', 'built-in-sandbox.ts', 'config'],
    ...['clock.ts', 'log.ts', 'telemetry.ts'],
  ],
  'front.ts': [
    ...['http', 'export', 'report', 'schema', 'callback', 'db', 'config', 'observer.ts', 'readiness.ts'],
    ...['clock.ts', 'log.ts'],
  ],
  'open-access.ts': ['access', 'http', 'config', 'db', 'clock.ts', 'log.ts'],
  'telemetry.ts': ['metrics', 'traces', 'db', 'config', 'campaigns', 'observer.ts', 'clock.ts', 'log.ts'],
  'readiness.ts': ['clock.ts'],
  metrics: ['wechat', 'campaigns', 'observer.ts', 'clock.ts', 'log.ts'],
  traces: ['observer.ts', 'recent.ts', 'clock.ts', 'log.ts'],
  'built-in-sandbox.ts': ['sandbox', 'campaigns', 'config', 'clock.ts', 'log.ts'],
  http: [
    'resolvers',
    'export',
    'report',
    'schema',
    'callback',
    'events',
    'db',
    'wechat',
    'campaigns',
    'config',
    'access',
    'clock.ts',
    'log.ts',
    'observer.ts',
    'recent.ts',
    'soon.ts',
  ],
  export: ['db', 'campaigns', 'clock.ts', 'log.ts'],
  report: ['db', 'campaigns', 'clock.ts'],
  resolvers: ['schema', 'events', 'db', 'wechat', 'campaigns', 'access', 'clock.ts', 'log.ts', 'soon.ts'],
  schema: ['events', 'db', 'wechat', 'campaigns', 'access', 'clock.ts', 'log.ts', 'soon.ts'],
  callback: ['wechat', 'campaigns', 'clock.ts', 'log.ts', 'observer.ts'],
  delivery: ['wechat', 'campaigns', 'access', 'loop.ts', 'clock.ts', 'log.ts', 'observer.ts'],
  analytics: ['wechat', 'campaigns', 'loop.ts', 'clock.ts', 'log.ts'],
  sandbox: ['callback', 'campaigns', 'clock.ts', 'log.ts'],
  events: ['clock.ts', 'log.ts'],
  db: ['campaigns', 'access', 'clock.ts', 'log.ts', 'recent.ts', 'soon.ts'],
  wechat: ['campaigns', 'clock.ts', 'log.ts', 'observer.ts'],
  campaigns: ['clock.ts'],
  config: ['campaigns', 'access'],
  access: ['clock.ts', 'log.ts'],
  'logger.ts': ['config', 'censor.ts'],
  'censor.ts': [],
  'loop.ts': ['clock.ts', 'log.ts'],
  'clock.ts': [],
  'log.ts': [],
  'observer.ts': [],
  'recent.ts': [],
  'soon.ts': [],
};

/** Each is known to one part only: whoever would replace it looks there. */
const heavy = [
  '@pothos/core',
  '@pothos/plugin-complexity',
  '@pothos/plugin-errors',
  'graphql-yoga',
  'ws',
  'busboy',
  'drizzle-orm',
  'better-sqlite3',
  'pg',
  'dataloader',
  'undici',
  'fast-xml-parser',
  'pino',
  'pino-pretty',
  'zod',
  'hyparquet-writer',
  'echarts',
  'prom-client',
  '@opentelemetry/api',
  '@opentelemetry/exporter-trace-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-trace-base',
];

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');

it('has found the sources and what they import', () => {
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(({ imports }) => imports).length).toBeGreaterThan(300);
  expect(new Set(files.map(({ part }) => part))).toEqual(new Set(Object.keys(mayImport)));
});

const targetsOf = ({ path, imports }: SourceFile): string[] =>
  imports
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => relative(SRC, resolve(SRC, path, '..', specifier)));

it('imports one way only', () => {
  const wrong = files.flatMap((file) =>
    targetsOf(file)
      .filter((target) => partOf(target) !== file.part && !mayImport[file.part]?.includes(partOf(target)))
      .map((target) => `${file.path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

it('has no files that import each other in a circle, not even types', () => {
  const left = new Map(files.map((file) => [file.path, targetsOf(file)]));
  // What imports nothing that is left is in no circle.
  const free = () => [...left].find(([, targets]) => !targets.some((target) => left.has(target)));
  for (let next = free(); next; next = free()) left.delete(next[0]);
  expect([...left.keys()]).toEqual([]);
});

it('loads what traces need only where they are asked for', () => {
  const importers = files.flatMap(({ path, text }) =>
    [...text.matchAll(/.*traces\/traces\.ts.*/g)].map(([line]) => `${path}: ${line.trim()}`),
  );
  expect(importers).toEqual([expect.stringMatching(/^telemetry\.ts: .*await import\(/)]);
});

it('imports each heavy library in one part only', () => {
  const parts = heavy.map((library) => {
    const importers = files.filter(({ imports }) =>
      imports.some((specifier) => packageOf(specifier) === library),
    );
    return [library, [...new Set(importers.map(({ part }) => part))]] as const;
  });
  expect(parts.filter(([, importers]) => importers.length !== 1)).toEqual([]);
});

it('imports nothing but what package.json promises, and uses all of it', () => {
  const { dependencies } = JSON.parse(readFileSync(join(SRC, '../package.json'), 'utf8'));
  const used = files
    .flatMap(({ imports }) => imports)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'))
    .map(packageOf);
  expect(new Set(used)).toEqual(new Set(Object.keys(dependencies)));
});

const WIRE_NAME = /\b(?:errcode|msg_id|clientmsgid|msg_data_id|media_id)\b/;

/** The code without what is only said: comments, and the insides of strings that are no keys. */
const codeOf = (text: string): string =>
  text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/(^|\s)\/\/.*$/gm, '$1')
    .replace(
      /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
      (quoted, at: number, whole: string) => {
        const isKey =
          /^\s*[:\]]/.test(whole.slice(at + quoted.length)) && /[[{,]\s*$/.test(whole.slice(0, at));
        return isKey ? quoted.slice(1, -1) : '';
      },
    );

it("keeps WeChat's names of things where WeChat is spoken to", () => {
  // The contract has an errcode of its own, and so has the table of calls.
  const allowed = [
    /^schema\/(?:errors|ask-wechat)\.ts errcode$/,
    /^db\/(?:record-tables|call-store|analytics-tables|analytics-store)\.ts errcode$/,
  ];
  const wrong = files
    .filter(({ part }) => !['wechat', 'callback', 'sandbox'].includes(part))
    .flatMap(({ path, text }) =>
      [...codeOf(text).matchAll(new RegExp(WIRE_NAME, 'g'))].map(([name]) => `${path} ${name}`),
    )
    .filter((line) => !allowed.some((pattern) => pattern.test(line)));
  expect(wrong).toEqual([]);
});

it('would see a name of WeChat as a key, quoted or not, and not in what is only said', () => {
  const names = (text: string) => WIRE_NAME.test(codeOf(text));
  expect(names('const { msg_id } = body;')).toBe(true);
  expect(names("body['msg_id']")).toBe(true);
  expect(names("const body = { 'msg_id': 1 };")).toBe(true);
  expect(names('call({ media_id: 1 })')).toBe(true);
  expect(names("description: 'Its media_id.'")).toBe(false);
  expect(names('// The msg_id.')).toBe(false);
  expect(names('/** The msg_id. */')).toBe(false);
});

it('has no file of more than 200 lines', () => {
  const long = files
    .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > 200);
  expect(long).toEqual([]);
});
