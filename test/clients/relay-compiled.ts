import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import compiler from 'relay-compiler';

const schema = new URL('../../schema.graphql', import.meta.url);

/** What relay-compiler makes of the operations of one module, against the printed schema. Their names begin with that of the module. */
export async function compileForRelay(module: string, operations: string): Promise<(name: string) => any> {
  const folder = await mkdtemp(join(tmpdir(), 'qunfa-relay-'));
  try {
    await mkdir(join(folder, 'src/artifacts'), { recursive: true });
    const tagged = operations
      .split(/\n(?=query|fragment|mutation|subscription)/)
      .map((text) => `graphql\`${text}\`;`);
    await writeFile(join(folder, `src/${module}.js`), tagged.join('\n'));
    const config = {
      src: 'src',
      artifactDirectory: 'src/artifacts',
      schema: 'schema.graphql',
      language: 'javascript',
      eagerEsModules: false,
    };
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
    await copyFile(schema, join(folder, 'schema.graphql'));
    if (!compiler) throw new Error('relay-compiler has no program for this machine');
    await promisify(execFile)(compiler, ['relay.config.json'], { cwd: folder });
    const require = createRequire(join(folder, 'src/artifacts/'));
    const artifacts = new Map<string, unknown>();
    for (const [, name = ''] of operations.matchAll(/^(?:query|fragment|mutation|subscription) (\w+)/gm))
      artifacts.set(name, require(`./${name}.graphql.js`));
    return (name) => artifacts.get(name);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
