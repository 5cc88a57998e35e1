/** One rule that the input breaks, and where: `['message', 'text', 'content']`. */
export interface InputIssue {
  path: string[];
  message: string;
}

/** Characters as a person counts them, so that an emoji is one and not two. */
export const characters = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

export const utf8Bytes = (text: string): number => new TextEncoder().encode(text).byteLength;

export const isBlank = (text: string): boolean => text.trim() === '';

export const issue = (path: (string | number)[], message: string): InputIssue => ({
  path: path.map(String),
  message,
});

/** `[issue]` where the rule is broken, else `[]`: checks read as lists that are spread together. */
export const when = (broken: boolean, path: (string | number)[], message: string): InputIssue[] =>
  broken ? [issue(path, message)] : [];

/**
 * Strings that no database can keep as they are: Postgres has no U+0000, and UTF-8 no lone surrogate. They would be changed or
 * refused later, so they are refused here, wherever they stand in the input.
 */
export function checkText(value: unknown, path: string[] = []): InputIssue[] {
  if (typeof value === 'string') {
    return [
      ...when(value.includes('\0'), path, 'must not contain the character U+0000'),
      ...when(!value.isWellFormed(), path, 'must be well-formed Unicode (it has half of a surrogate pair)'),
    ];
  }
  if (value === null || typeof value !== 'object' || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, inner]) => checkText(inner, [...path, key]));
}
