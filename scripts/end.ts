/** What a shell knows as "used wrongly", and as "wrong settings". */
export const WRONG_USE = 64;
export const WRONG_SETTINGS = 78;

export function end(message: string, code: number): never {
  console.error(message);
  process.exit(code);
}
