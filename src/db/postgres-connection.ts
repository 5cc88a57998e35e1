import type pg from 'pg';

const OPTIONS = [
  'timezone=UTC',
  'statement_timeout=20s',
  // So soon does Postgres see that a gateway's machine is gone, and lets go of its locks.
  'tcp_keepalives_idle=10',
  'tcp_keepalives_interval=5',
  'tcp_keepalives_count=3',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

/**
 * What everything on Postgres connects with. Statements end after twenty seconds. A connection that goes silent, as where a proxy has
 * lost it, would be waited for as long as the system does, which is for hours.
 */
export const connectionTo = (url: string) =>
  ({
    connectionString: url,
    options: OPTIONS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: 10_000,
    // A little longer than Postgres takes to give up by itself.
    query_timeout: 25_000,
  }) satisfies pg.ClientConfig;

/** The same for what takes its time: migrations, exports. */
export const patientConnectionTo = (url: string) => ({
  ...connectionTo(url),
  options: `${OPTIONS} -c statement_timeout=0`,
  query_timeout: undefined,
});
