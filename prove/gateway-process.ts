import { flushCompileCache } from 'node:module';
import { createCensor } from '../src/censor.ts';
import { systemClock } from '../src/clock.ts';
import { readConfig } from '../src/config/config.ts';
import { secretsOf } from '../src/config/secrets.ts';
import { createLogger } from '../src/logger.ts';
import { startGateway } from '../src/server.ts';
import { type BrokenEngine, breakEngine } from './broken-engines.ts';
import { type Around, dieAt, type KillOrder } from './kill-points.ts';

/** What the parent says to begin a life. */
export interface BeginMessage {
  order: KillOrder | null;
  broken: BrokenEngine | null;
}

// The gateway as it is shipped, in a process that waits for its turn with everything loaded: one that is killed is followed at once.
process.once('message', async ({ order, broken }: BeginMessage) => {
  const config = readConfig(process.env);
  const killing = order && dieAt(order);
  const breaking = broken && breakEngine(broken, config.accounts);
  const around: Around = (name, part) => {
    const mortal = killing ? killing.around(name, part) : part;
    return breaking ? breaking(name, mortal) : mortal;
  };
  await startGateway({
    config,
    clock: systemClock,
    log: createLogger(config.logLevel, false, createCensor(secretsOf(config, process.env))),
    around,
  });
  if (killing && !killing.exists()) throw new Error(`the gateway has no ${order.point} any more`);
});
process.once('disconnect', () => process.exit());
process.send?.('loaded');
// A killed process writes no cache, and the next one would compile everything anew.
flushCompileCache();
