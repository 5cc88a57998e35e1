import { isOpen, type Line } from './websocket-line.ts';

/** Real time: it finds lines that are dead, whatever clock the gateway goes by. */
const ROUND_SECONDS = 12;

/** Asks every line now and then whether it is still there, each in its turn, and cuts off those that have not answered since. */
export function createPings(lines: ReadonlyMap<unknown, Line>) {
  let second = 0;
  let timer: NodeJS.Timeout | null = null;

  function ask(): void {
    second = (second + 1) % ROUND_SECONDS;
    for (const line of lines.values()) {
      if (line.turn !== second || !isOpen(line)) continue;
      if (!line.alive) line.client.terminate();
      else {
        line.alive = false;
        line.client.ping();
      }
    }
    if (lines.size === 0) stop();
  }

  function stop(): void {
    if (timer) clearInterval(timer);
    timer = null;
  }

  return {
    /** A line is asked for the first time once a whole round has passed, and so they are spread out as they came. */
    nextTurn(): number {
      timer ??= setInterval(ask, 1_000).unref();
      return second;
    },
  };
}
