// Run by `npm ci` and for the image. Makes what `bin/qunfa.js` starts; with --if-changed, only where the sources are others since.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLE, COMPILED, hashOfSources, isBundled, STAMP } from '../bin/bundle.js';

if (process.argv.includes('--if-changed') && isBundled()) process.exit();

const esbuild = await import('esbuild').catch(() => null);
if (!esbuild) {
  console.log('No bundle without esbuild, a development package: the gateway runs from its sources.');
  process.exit();
}

/** Maps of packages would be most of the map, which Node reads at every start. One mapping to nowhere stands for each of their files. */
const NO_MAP = `data:application/json;base64,${btoa('{"version":3,"sources":[""],"mappings":"AAAA"}')}`;
const withoutMapsOfPackages = {
  name: 'without maps of packages',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/node_modules\/.*\.m?js$/ }, ({ path }) => ({
      contents: `${readFileSync(path, 'utf8')}\n//# sourceMappingURL=${NO_MAP}`,
      loader: 'default',
    })),
};

async function bundle() {
  // A gateway that ends just now may still write what it compiled.
  rmSync(BUNDLE, { recursive: true, force: true, maxRetries: 5 });
  const madeOf = hashOfSources();
  // Here, as an older Node cannot read it.
  const { bundleSettings } = await import('./bundle-settings.ts');
  await esbuild.build({
    ...bundleSettings,
    entryPoints: ['src/main.ts'],
    outdir: BUNDLE,
    sourcemap: 'linked',
    sourcesContent: false,
    // Node also measures every line of what has a map. Names stay as they are, those of packages are in stacks.
    minifyWhitespace: true,
    plugins: [withoutMapsOfPackages],
  });
  writeFileSync(join(BUNDLE, STAMP), madeOf);
  mkdirSync(COMPILED, { recursive: true });
}

/**
 * Started once, on an empty database, the bundle leaves its compiled code behind. Where it cannot start, that is told to whoever starts it
 * in earnest.
 */
async function compile() {
  const cwd = mkdtempSync(join(tmpdir(), 'qunfa-first-start-'));
  const env = { HOST: '127.0.0.1', PORT: '0', DATABASE_URL: 'file:first.sqlite' };
  const gateway = spawn(process.execPath, [join(BUNDLE, '../bin/qunfa.js')], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
  });
  gateway.stdout.on('data', (lines) => lines.includes('qunfa is ready') && gateway.kill('SIGTERM'));
  await once(gateway, 'close');
  rmSync(cwd, { recursive: true, force: true, maxRetries: 5 });
  // Node keeps it from all others, and whoever runs the gateway need not be who installed it.
  for (const path of readdirSync(COMPILED, { recursive: true, encoding: 'utf8' }))
    if (statSync(join(COMPILED, path)).isFile()) chmodSync(join(COMPILED, path), 0o644);
}

try {
  await bundle();
  await compile();
} catch (error) {
  // It only makes the start faster: an installation does not fail for the want of it.
  console.warn(
    `No bundle, so the gateway runs from its sources: ${error instanceof Error ? error.stack : error}`,
  );
  rmSync(BUNDLE, { recursive: true, force: true, maxRetries: 5 });
}
