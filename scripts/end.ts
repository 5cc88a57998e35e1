/** What a shell knows as "used wrongly", and as "wrong settings". */
export const WRONG_USE = 64;
export const WRONG_SETTINGS = 78;

export function end(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}

/** Drizzle's error has the statement, and its cause what is wrong; that of a refused connection has a code alone. */
export function endForDatabase(error: Error & { code?: string }): never {
  const { message, code } = (error.cause as typeof error | undefined) ?? error;
  return end(`the database could not be opened: ${message || code}`, 1);
}
