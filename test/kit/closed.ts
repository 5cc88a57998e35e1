/** Resolves when it is closed, also where the line is reset before that. Node's `once` rejects then, and a reset is what some machines make of a line that is cut off. */
export const closed = (socket: { once(event: 'close', listener: () => void): unknown }): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });
