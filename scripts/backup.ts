import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { BackupExistsError, backupSqlite } from '../src/db/backup.ts';
import { end, settingsOrEnd, WRONG_SETTINGS, WRONG_USE } from './end.ts';

// Copies the SQLite database while the gateway runs on it, or while none does.

const [to, ...more] = process.argv.slice(2);
if (to === undefined || more.length > 0 || to.startsWith('-'))
  end('npm run backup -- <file that is not there yet>', WRONG_USE);
const { databaseUrl: url } = settingsOrEnd();
if (!url.startsWith('file:'))
  end('DATABASE_URL is Postgres: pg_dump -Fc makes its backups, see the README', WRONG_SETTINGS);
const from = url.slice('file:'.length);
if (!existsSync(from)) end(`there is no database ${from}`, 1);
const folder = dirname(resolve(to));
if (!existsSync(folder)) end(`there is no folder ${folder}`, 1);
try {
  const bytes = await backupSqlite(from, resolve(to));
  console.log(
    `${to}: ${bytes} bytes, checked. A gateway on it sends nothing until it is started with --resume.`,
  );
} catch (error) {
  // What goes wrong with files is told by their names, and nothing else is known here.
  end(
    error instanceof BackupExistsError
      ? error.message
      : `no backup was made: ${error instanceof Error ? error.message : error}`,
    1,
  );
}
