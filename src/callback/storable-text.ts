/**
 * U+0000 becomes U+FFFD: Postgres refuses a text with U+0000, and one character a user managed to send must not keep
 * the whole push from being stored. Everything else is left as it came.
 */
export const storableText = (text: string): string => text.replaceAll('\u0000', '\uFFFD');
