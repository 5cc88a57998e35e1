/** Looks again whenever the process has nothing else to do. What never comes true is ended by the time limit of the test. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
