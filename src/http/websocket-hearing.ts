import { isOpen, type Line } from './websocket-line.ts';

/** So many messages of a line are worked on at once; those that come with them wait. */
const MOST_UNDER_WAY = 100;

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

  function goOn(): void {
    while (unheard.length > 0 && isOpen(line)) {
      if (isFull()) {
        client.pause();
        return;
      }
      underWay++;
      void hear(unheard.shift()!).finally(() => {
        underWay--;
        goOn();
      });
    }
    if (client.isPaused) client.resume();
  }

  client.on('message', (data) => {
    unheard.push(String(data));
    goOn();
  });
}
