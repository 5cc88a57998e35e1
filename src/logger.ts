import pino from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config/config.ts';

/** Lines of JSON, or something to read where a person looks on. */
export const createLogger = (level: Config['logLevel'], forPeople: boolean) =>
  pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describeError } },
    forPeople
      ? pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
      : pino.destination(1),
  );

/** Never the properties of an error, and of a failed query never the values: tokens and messages are among them. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if ('query' in error && cause instanceof Error) return { query: error.query, ...describe(cause) };
  return describe(error);
}

const describe = ({ name, message, stack }: Error) => ({ type: name, message, stack });
