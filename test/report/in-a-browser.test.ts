import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { expect, it } from 'vitest';
import { HOSTILE_LABEL, sendForReport } from '../kit/report-fixture.ts';
import { createWorld } from '../kit/world.ts';

/** A browser from npm, which unpacks itself and the libraries it needs, or that of `CHROMIUM_PATH`. */
async function startBrowser(): Promise<Browser & AsyncDisposable> {
  const own = process.env.CHROMIUM_PATH;
  if (own) return chromium.launch({ executablePath: own });
  const { AWS_LAMBDA_JS_RUNTIME, LD_LIBRARY_PATH, FONTCONFIG_PATH, TMPDIR, PATH = '' } = process.env;
  const before = { AWS_LAMBDA_JS_RUNTIME, LD_LIBRARY_PATH, FONTCONFIG_PATH, TMPDIR };
  // It unpacks its libraries where it takes the machine for Amazon's. It takes what it finds unpacked for whole, so it gets a folder that nobody else has been in.
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-browser-'));
  Object.assign(process.env, { TMPDIR: folder, AWS_LAMBDA_JS_RUNTIME: 'nodejs24.x' });
  try {
    const { default: packed } = await import('@sparticuz/chromium');
    packed.setGraphicsMode = false;
    const browser = await chromium.launch({
      executablePath: await packed.executablePath(),
      args: packed.args,
      env: {
        PATH,
        HOME: folder,
        TMPDIR: folder,
        LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
        FONTCONFIG_PATH: join(folder, 'fonts'),
      },
    });
    const close = browser.close.bind(browser);
    return Object.assign(browser, {
      [Symbol.asyncDispose]: async () => {
        await close();
        rmSync(folder, { recursive: true, force: true });
      },
    });
  } finally {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

it("shows its charts in a browser, with strangers' labels as text and without a request", async () => {
  await using world = await createWorld();
  await sendForReport(world);
  await using browser = await startBrowser();
  const page = await browser.newPage();
  const [said, requests]: [string[], string[]] = [[], []];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => {
    said.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto(`${world.url}/report`);
    const charts = await page.locator('figure svg').all();
    expect(charts).toHaveLength(5);
    for (const chart of charts) {
      expect(await chart.isVisible()).toBe(true);
      const { width = 0, height = 0 } = (await chart.boundingBox()) ?? {};
      expect(Math.min(width, height)).toBeGreaterThan(50);
    }
    const labels = await page.locator('td', { hasText: HOSTILE_LABEL }).allTextContents();
    expect(labels).toEqual([HOSTILE_LABEL]);
    const [ink, paper, ofChart] = await page.evaluate(() => {
      const { color, backgroundColor } = getComputedStyle(document.body);
      return [color, backgroundColor, getComputedStyle(document.querySelector('svg text')!).fill];
    });
    expect(ofChart).toBe(ink);
    expect(ink).not.toBe(paper);
  }
  expect(said).toEqual([]);
  expect(new Set(requests)).toEqual(new Set([`${world.url}/report`]));
});
