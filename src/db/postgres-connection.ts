import type pg from 'pg';

/** A connection that goes silent, as where a proxy has lost it, would be waited for as long as the system does, which is for hours. */
const CONNECTION = {
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: 10_000,
  // A little longer than Postgres takes to give up by itself.
  query_timeout: 25_000,
} as const satisfies pg.ClientConfig;

const SETTINGS = [
  'timezone=UTC',
  'statement_timeout=20s',
  // So soon does Postgres see that a gateway's machine is gone, and lets go of its locks.
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
];

const optionsOf = (settings: readonly string[]) => settings.map((setting) => `-c ${setting}`).join(' ');

/** What everything on Postgres connects with. Statements end after twenty seconds. */
export const connectionTo = (url: string) => ({
  ...CONNECTION,
  connectionString: url,
  options: optionsOf(SETTINGS),
});

/** The same for what takes its time: migrations, exports. */
export const patientConnectionTo = (url: string) => ({
  ...CONNECTION,
  connectionString: url,
  query_timeout: undefined,
  options: optionsOf([...SETTINGS, 'statement_timeout=0']),
});
