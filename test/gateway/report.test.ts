import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { send, sendThrough, textToTag } from '../kit/actions.ts';
import { oneWorld } from '../kit/one-world.ts';
import { HOSTILE_LABEL, sendForReport } from '../kit/report-fixture.ts';
import { createWorld, type World } from '../kit/world.ts';

const DAY_MS = 24 * 3_600_000;

const CAMPAIGNS = `{ campaigns(first: 50) { nodes {
  id status label counts { total eligible sent failed }
} } }`;

const pageOf = async (world: World): Promise<string> => (await fetch(`${world.url}/report`)).text();

const figureIn = (page: string, name: string): string | undefined =>
  new RegExp(`data-figure="${name}">([^<]*)<`).exec(page)?.[1];

/** The cells of a campaign's row. */
function rowIn(page: string, id: string): string[] {
  const [, row = ''] = new RegExp(`<tr data-campaign="${id}">(.*)</tr>`).exec(page) ?? [];
  return [...row.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell = '']) => cell);
}

const shown = (value: number | null | undefined): string => (value ?? '–').toLocaleString('en');

const empty = oneWorld();
const reported = oneWorld({}, sendForReport);

it('says what GraphQL says, of all and of each', async () => {
  const world = reported();
  const page = await pageOf(world);
  const { nodes } = (await world.query<any>(CAMPAIGNS)).campaigns;
  const sum = (name: string) =>
    nodes.reduce((all: number, { counts }: any) => all + (counts?.[name] ?? 0), 0);
  expect(nodes).toHaveLength(3);
  expect(sum('sent')).toBeGreaterThan(0);
  expect(figureIn(page, 'sends')).toBe('3');
  expect(figureIn(page, 'failures')).toBe('1');
  expect(figureIn(page, 'delivered')).toBe(shown(sum('sent')));
  expect(figureIn(page, 'percent')).toBe(`${((100 * sum('sent')) / sum('eligible')).toFixed(1)}%`);
  expect(figureIn(page, 'reprints')).toBe('1 / 2');
  for (const { id, status, counts } of nodes) {
    const [statusCell, ...figures] = rowIn(page, id).slice(-5);
    expect(statusCell).toBe(status);
    expect(figures).toEqual(['total', 'eligible', 'sent', 'failed'].map((name) => shown(counts?.[name])));
  }
});

it('shows what is not known as a dash, and never as 0', async () => {
  await using world = await createWorld();
  const { campaign } = await send(world, textToTag('waiting'));
  const page = await pageOf(world);
  expect(figureIn(page, 'sends')).toBe('1');
  expect(['delivered', 'percent', 'reprints'].map((name) => figureIn(page, name))).toEqual(['–', '–', '–']);
  expect(rowIn(page, campaign.id).slice(-4)).toEqual(['–', '–', '–', '–']);
  expect(page).toContain('No result has arrived yet.');
});

it('sums up the reasons of failures that are too many to show', async () => {
  await using world = await createWorld();
  for (let code = 50_001; code <= 50_012; code++) {
    world.sandbox.scriptPush({ status: `err(${code})` });
    await sendThrough(world, textToTag(`failed ${code}`));
  }
  const page = await pageOf(world);
  expect(page).toContain('others 其他');
});

it('takes labels for text, whoever wrote them', async () => {
  const world = reported();
  const page = await pageOf(world);
  expect(page).not.toContain(HOSTILE_LABEL);
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(page).toContain('&quot;refused&quot; &amp; &#39;quoted&#39;');
  expect(page).not.toContain('<script');
});

it('says in a sentence that nothing was sent', async () => {
  const world = empty();
  const page = await pageOf(world);
  expect(page).toContain('Nothing was sent in these days.');
  expect(figureIn(page, 'sends')).toBe('0');
  expect(figureIn(page, 'delivered')).toBe('–');
  expect(page).not.toContain('<svg');
});

it('leaves out what is older than 30 Beijing days, and accounts that are not configured', async () => {
  await using world = await createWorld();
  await sendThrough(world, textToTag('old'));
  await world.clock.advance(29 * DAY_MS);
  expect(figureIn(await pageOf(world), 'sends')).toBe('1');
  await world.restart({ accounts: world.config.accounts.map((each) => ({ ...each, appId: 'wx2' })) });
  expect(figureIn(await pageOf(world), 'sends')).toBe('0');
  await world.restart();
  await world.clock.advance(DAY_MS);
  expect(figureIn(await pageOf(world), 'sends')).toBe('0');
});

it('lets the page ask nobody for anything, and links it from the bare address', async () => {
  const world = empty();
  const { headers } = await fetch(`${world.url}/report`);
  expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'unsafe-inline'/);
  expect((await fetch(`${world.url}/report`, { method: 'POST' })).status).toBe(405);
  // One that is overlooked would be answered with other days than those that were asked for.
  expect((await fetch(`${world.url}/report?from=2026-01-01`)).status).toBe(400);
  expect(await (await fetch(world.url)).text()).toContain('href="/report"');
});

it('is a file too, made beside a running gateway', async () => {
  await using world = await createWorld();
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-report-'));
  try {
    const { PATH = '' } = process.env;
    const script = join(import.meta.dirname, '../../scripts/report.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, '--out', 'r.html', '--days', '7'],
      {
        cwd: folder,
        env: { PATH, DATABASE_URL: world.config.databaseUrl },
      },
    );
    const path = join(folder, 'r.html');
    expect(stdout).toContain(path);
    expect(readFileSync(path, 'utf8')).toContain('Nothing was sent in these days.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
