// The gateway on a clock that is moved by messages: a day passes as fast as its traffic can be served.
import { createCensor } from '../../src/censor.ts';
import { readConfig } from '../../src/config/config.ts';
import { createLogger } from '../../src/logger.ts';
import { startGateway } from '../../src/server.ts';
import { createFakeClock } from '../../test/kit/fake-clock.ts';
import { ready } from '../kit/serve.ts';

const clock = createFakeClock();
const config = readConfig(process.env);
const gateway = await startGateway({
  config,
  clock,
  log: createLogger(config.logLevel, false, createCensor([])),
});

process.on('message', async (message: { advanceMs?: number }) => {
  const { advanceMs } = message;
  if (advanceMs === undefined) return;
  await clock.advance(advanceMs);
  process.send?.({ now: clock.now() });
});
ready(gateway.url);
