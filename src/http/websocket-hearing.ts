import { type Hearing, isOpen, type Line } from './websocket-line.ts';

/** So many messages of a line are worked on at once; those that come with them wait. */
const MOST_UNDER_WAY = 100;

/** Real time. What takes longer waits for WeChat, say, and not for its turn: it does not count any more. */
const LONGEST_TURN_MS = 1_000;

/**
 * Hears a client no faster than it takes in what it is told: one that asks and asks and reads nothing would fill the memory with its
 * answers. Whoever is not heard does not answer pings either, and is cut off in the end.
 */
export function createHearing(hear: (line: Line, text: string) => Promise<unknown>) {
  function isFull(line: Line, hearing: Hearing): boolean {
    const { socket } = line;
    if (!socket.writableNeedDrain) return hearing.underWay >= MOST_UNDER_WAY;
    if (!hearing.waitsForRoom) {
      socket.once('drain', () => {
        hearing.waitsForRoom = false;
        goOn(line, hearing);
      });
    }
    hearing.waitsForRoom = true;
    return true;
  }

  function begin(line: Line, hearing: Hearing, text: string): void {
    hearing.underWay++;
    const over = () => {
      if (!counts) return;
      counts = false;
      clearTimeout(timer);
      hearing.underWay--;
      goOn(line, hearing);
    };
    let counts = true;
    const timer = setTimeout(over, LONGEST_TURN_MS).unref();
    void hear(line, text).finally(over);
  }

  function goOn(line: Line, hearing: Hearing): void {
    const { client } = line;
    const { unheard } = hearing;
    while (unheard.length > 0 && isOpen(line)) {
      if (isFull(line, hearing)) {
        client.pause();
        return;
      }
      begin(line, hearing, unheard.shift()!);
    }
    if (client.isPaused) client.resume();
    if (hearing.underWay === 0 && !hearing.waitsForRoom) line.hearing = null;
  }

  return (line: Line, text: string): void => {
    line.hearing ??= { unheard: [], underWay: 0, waitsForRoom: false };
    line.hearing.unheard.push(text);
    goOn(line, line.hearing);
  };
}
