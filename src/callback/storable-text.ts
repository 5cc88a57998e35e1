/**
 * U+0000 and halves of surrogate pairs become U+FFFD: Postgres refuses them, and one character a user managed to send must
 * not keep the whole push from being stored. Everything else is left as it came.
 */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\u0000', '\uFFFD');
