/**
 * A value, or the promise of one. What SQLite reads is there at once, and hundreds of promises for the parts of one answer take longer
 * than reading them.
 */
export type Soon<T> = T | Promise<T>;

/** Goes on with a value as soon as it is there. */
export const withIt = <T, U>(value: Soon<T>, goOn: (value: T) => Soon<U>): Soon<U> =>
  value instanceof Promise ? value.then(goOn) : goOn(value);
