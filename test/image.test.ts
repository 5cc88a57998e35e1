import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { commandOf, copied, locked, manifest, ROOT, stage } from './kit/image.ts';

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?from\s*'([^']+)'|(?:^|\n)import\s*'([^']+)'|\bimport\('([^']+)'\)/g;
const TYPES_ONLY = /^\s*(?:import|export)\s+type\b[^;]*;/gm;

/** Every file and package that is loaded from one file on, also later. */
function reach(entry: string) {
  const files = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: string) => {
    if (files.has(file)) return;
    files.add(file);
    const code = readFileSync(file, 'utf8').replace(TYPES_ONLY, '');
    for (const [, one, two, three] of code.matchAll(IMPORT)) {
      const specifier = one ?? two ?? three ?? '';
      if (specifier.startsWith('.')) visit(resolve(dirname(file), specifier));
      else if (!specifier.startsWith('node:'))
        packages.add(
          specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  };
  visit(join(ROOT, entry));
  return { files: [...files].map((file) => relative(ROOT, file)), packages: [...packages] };
}

const isCopied = (path: string) => copied.some(({ from }) => path === from || path.startsWith(`${from}/`));

const SCRIPTS = ['audit-verify', 'backup', 'report'].map((name) => `scripts/${name}.ts`);

it.each(['bin/qunfa.js', ...SCRIPTS])('holds every file and package that %s loads', (entry) => {
  const { files, packages } = reach(entry);
  expect(files.length).toBeGreaterThan(5);
  expect(files.filter((path) => !isCopied(path))).toEqual([]);
  expect(packages.filter((name) => !(name in manifest.dependencies))).toEqual([]);
});

it('takes into its build what it copies, and nothing that is private', () => {
  const ignored = readFileSync(join(ROOT, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => /^[^#]/.test(line));
  expect(ignored[0]).toBe('*');
  const taken = ignored.slice(1).map((line) => line.replace(/^!/, ''));
  for (const { from } of copied) {
    expect(taken, from).toContain(from);
    expect(existsSync(join(ROOT, from)), from).toBe(true);
  }
  expect(taken.filter((path) => /env|data$|test|^\.git/.test(path))).toEqual([]);
});

it('names its base by version, runs as somebody who is not root, and has no shell between it and its signals', () => {
  const bases = [...readFileSync(join(ROOT, 'Dockerfile'), 'utf8').matchAll(/^FROM (\S+)/gm)].map(
    ([, base]) => base,
  );
  expect(new Set(bases)).toEqual(new Set([`node:${manifest.devDependencies.node}-slim`]));
  expect(stage).toMatch(/^USER node$/m);
  expect(commandOf('CMD')).toEqual(['node', 'bin/qunfa.js']);
});

const NOBODY = 65_534;

/** As the image has it: its files, its production packages and no others. Made once, because bundling takes longest. */
const shipped = mkdtempSync(join(tmpdir(), 'qunfa-shipped-'));
afterAll(() => rmSync(shipped, { recursive: true, force: true }));
beforeAll(() => {
  for (const { from, to } of copied) cpSync(join(ROOT, from), join(shipped, to), { recursive: true });
  const packages = Object.entries(locked).filter(
    ([path, { dev }]) => !dev && path.lastIndexOf('node_modules/') === 0 && existsSync(join(ROOT, path)),
  );
  for (const [path] of packages) {
    mkdirSync(dirname(join(shipped, path)), { recursive: true });
    symlinkSync(join(ROOT, path), join(shipped, path));
  }
  // As its build stage does.
  for (const script of ['scripts/bundle.js', 'scripts/bundle-settings.ts'])
    cpSync(join(ROOT, script), join(shipped, script));
  symlinkSync(join(ROOT, 'node_modules/esbuild'), join(shipped, 'node_modules/esbuild'));
  execFileSync(process.execPath, ['scripts/bundle.js'], { cwd: shipped, stdio: 'pipe' });
  rmSync(join(shipped, 'node_modules/esbuild'));
});

/** With nothing to be written to but `data`. */
function unpackImage() {
  const folder = mkdtempSync(join(tmpdir(), 'qunfa-image-'));
  const [app, data] = [join(folder, 'app'), join(folder, 'data')];
  cpSync(shipped, app, { recursive: true, verbatimSymlinks: true });
  mkdirSync(data);
  const isRoot = process.getuid?.() === 0;
  chmodSync(folder, 0o755);
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  for (const path of ['', ...readdirSync(app, { recursive: true, encoding: 'utf8' })])
    if (!path.startsWith('node_modules/')) chmodSync(join(app, path), 0o555);
  const env = {
    PORT: '0',
    NODE_ENV: 'production',
    DATABASE_URL: `file:${data}/qunfa.sqlite`,
    // Packages are links here: without this, Node would find those that are not shipped beside what they point to.
    NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
  };
  const run = ([, ...args]: string[], more: Record<string, string> = {}) =>
    spawn(process.execPath, args, {
      cwd: app,
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
    });
  return {
    app,
    data,
    run,
    [Symbol.dispose]() {
      for (const path of ['', ...readdirSync(app, { recursive: true, encoding: 'utf8' })])
        if (!path.startsWith('node_modules/')) chmodSync(join(app, path), 0o755);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

it('starts from its files alone, as nobody, with only its data folder to write to, and sends; its health check sees that', async () => {
  using image = unpackImage();
  const gateway = image.run(commandOf('CMD'));
  let output = '';
  gateway.stderr.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  const ended = once(gateway, 'close');
  let url = '';
  for await (const line of createInterface(gateway.stdout)) {
    output += `${line}\n`;
    if (line.includes('qunfa is ready')) {
      url = JSON.parse(line).url;
      break;
    }
  }
  expect(url, output).toMatch(/^http:/);
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      query: `mutation { massSend(input: { idempotencyKey: "one", audience: { tagId: 100 }, message: { text: { content: "hello" } } }) { __typename } }`,
    }),
  });
  expect(await response.json()).toEqual({ data: { massSend: { __typename: 'MassSendSuccess' } } });
  const check = async () =>
    (await once(image.run(commandOf('HEALTHCHECK'), { PORT: new URL(url).port }), 'close'))[0];
  expect(await check()).toBe(0);
  const command = async (...words: string[]) => (await once(image.run(['node', ...words]), 'close'))[0];
  expect(await command('scripts/backup.ts', join(image.data, 'backup.sqlite'))).toBe(0);
  expect(await command('scripts/report.ts', '--out', join(image.data, 'report.html'))).toBe(0);
  expect(await command('scripts/audit-verify.ts')).toBe(0);
  gateway.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(await check()).toBe(1);
  expect(readdirSync(image.data).toSorted()).toEqual([
    'backup.sqlite',
    'qunfa.sqlite',
    'qunfa.sqlite.lock',
    'report.html',
  ]);
});

it('starts from one file that is made of its sources, and from the sources themselves where that is made of others', async () => {
  using image = unpackImage();
  const mark = (path: string, said: string) => {
    const file = join(image.app, path);
    chmodSync(file, 0o755);
    writeFileSync(file, `console.log('${said}');\n${readFileSync(file, 'utf8')}`);
  };
  const said = async () => {
    const gateway = image.run(commandOf('CMD'));
    const ended = once(gateway, 'close');
    const lines: string[] = [];
    for await (const line of createInterface(gateway.stdout)) {
      lines.push(line.startsWith('{') ? JSON.parse(line).msg : line);
      if (lines.at(-1) === 'qunfa is ready') break;
    }
    gateway.kill('SIGTERM');
    await ended;
    return lines.filter((line) => line?.startsWith('from '));
  };
  mark('dist/main.js', 'from one file');
  expect(await said()).toEqual(['from one file']);
  mark('src/main.ts', 'from the sources');
  expect(await said()).toEqual(['from the sources']);
});

it('tells in a stack where in the sources an error is from', async () => {
  using image = unpackImage();
  const path = join(image.data, 'qunfa.sqlite');
  const file = new Sqlite(path);
  file.exec('create table campaigns (id)');
  file.close();
  chmodSync(path, 0o666);
  const gateway = image.run(commandOf('CMD'));
  const ended = once(gateway, 'close');
  let output = '';
  for await (const line of createInterface(gateway.stdout)) output += line;
  await ended;
  expect(JSON.parse(output).error.stack).toMatch(/at Object\.migrate \(.*src\/db\/sqlite\.ts:\d+:\d+\)/);
});
