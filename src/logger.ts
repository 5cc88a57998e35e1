import pino from 'pino';
import pretty from 'pino-pretty';
import type { Censor } from './censor.ts';
import type { Config } from './config/config.ts';

/** Lines of JSON, or something to read where a person looks on. Every line goes through the censor, whoever wrote it. */
export function createLogger(level: Config['logLevel'], forPeople: boolean, censor: Pick<Censor, 'cut'>) {
  const out = forPeople
    ? pretty({ sync: true, ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' })
    : pino.destination(1);
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { error: describeError } },
    { write: (line: string) => void out.write(censor.cut(line)) },
  );
}

/** Never the properties of an error, and of a failed query never the values: tokens and messages are among them. */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if ('query' in error && cause instanceof Error) return { query: error.query, ...describe(cause) };
  return describe(error);
}

const describe = ({ name, message, stack }: Error) => ({ type: name, message, stack });
