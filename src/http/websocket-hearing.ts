import { isOpen, type Line } from './websocket-line.ts';

/** So many messages of a line are worked on at once; those that come with them wait. */
const MOST_UNDER_WAY = 100;

/** Real time. What takes longer waits for WeChat, say, and not for its turn: it does not count any more. */
const LONGEST_TURN_MS = 1_000;

/**
 * Hears a client no faster than it takes in what it is told: one that asks and asks and reads nothing would fill the memory with its
 * answers. Whoever is not heard does not answer pings either, and is cut off in the end.
 */
export function hearInTurn(line: Line, hear: (text: string) => Promise<unknown>): void {
  const { client, socket } = line;
  const unheard: string[] = [];
  let underWay = 0;
  let waitsForRoom = false;

  function isFull(): boolean {
    if (!socket.writableNeedDrain) return underWay >= MOST_UNDER_WAY;
    if (!waitsForRoom) {
      socket.once('drain', () => {
        waitsForRoom = false;
        goOn();
      });
    }
    waitsForRoom = true;
    return true;
  }

  function begin(text: string): void {
    underWay++;
    const over = () => {
      if (!counts) return;
      counts = false;
      clearTimeout(timer);
      underWay--;
      goOn();
    };
    let counts = true;
    const timer = setTimeout(over, LONGEST_TURN_MS).unref();
    void hear(text).finally(over);
  }

  function goOn(): void {
    while (unheard.length > 0 && isOpen(line)) {
      if (isFull()) {
        client.pause();
        return;
      }
      begin(unheard.shift()!);
    }
    if (client.isPaused) client.resume();
  }

  client.on('message', (data) => {
    unheard.push(String(data));
    goOn();
  });
}
