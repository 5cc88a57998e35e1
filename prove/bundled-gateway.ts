import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundleSettings } from '../scripts/bundle-settings.ts';

const ROOT = join(import.meta.dirname, '..');

/**
 * Makes one file of the gateway that is to be killed: it is loaded for every kill, and thousands of files take several times as long.
 * @param folder where it may lie; everything that it looks for in its project must be found from there
 */
export async function bundleGateway(folder: string): Promise<string> {
  for (const name of ['package.json', 'node_modules', 'drizzle'])
    symlinkSync(join(ROOT, name), join(folder, name));
  await build({ ...bundleSettings, entryPoints: ['prove/gateway-process.ts'], outdir: folder });
  return join(folder, 'gateway-process.js');
}
