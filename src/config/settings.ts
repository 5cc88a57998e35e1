import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The environment does not make sense. The message says what to mend and holds no secret. */
export class ConfigError extends Error {
  override name = 'ConfigError' as const;
}

/** Checks what somebody has written. Throws `ConfigError` with a line for everything that is wrong, `others` included. */
export function parseSettings<T>(
  schema: z.ZodType<T>,
  value: unknown,
  where: string,
  others: string[] = [],
): T {
  const parsed = schema.safeParse(value, { error: wording });
  const issues = parsed.error?.issues ?? [];
  const wrong = issues.map(({ path, message }) =>
    [where, path.join('.'), message].filter(Boolean).join(': '),
  );
  if (!parsed.success || others.length > 0) throw new ConfigError([...wrong, ...others].join('\n'));
  return parsed.data;
}

/** What the JSON file of a setting says. Throws `ConfigError`. */
export function readJsonFile<T>(schema: z.ZodType<T>, setting: string, path: string): T {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    // Not the parser's own words: they quote the file, secrets and all.
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new ConfigError(`${setting}: ${path}: ${reason}`);
  }
  return parseSettings(schema, content, `${setting} ${path}`);
}

export const webAddress = z.url({
  protocol: /^https?$/,
  error: 'must be an address that begins with http:// or https://',
});

/** Separated by commas. */
export const list = z.string().transform((text) =>
  text
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean),
);

/** What is wrong, for people who do not know how it is checked. Undefined: as the rule itself says it. */
function wording(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      if (issue.input === undefined) return 'is missing';
      return `must be ${NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return `must be one of ${issue.values.join(', ')}`;
    case 'too_small':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'must not be empty'
        : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    case 'unrecognized_keys':
      return `nobody knows ${issue.keys.join(', ')}`;
    default:
      return undefined;
  }
}

const NAMES: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  array: 'a list',
  object: 'an object',
};
