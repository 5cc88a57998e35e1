import { GraphQLError, type ValueNode, valueFromASTUntyped } from 'graphql';
import { isDay } from '../campaigns/days.ts';
import { badUserInput } from './bad-user-input.ts';
import { builder } from './builder.ts';
import { isUpload, type Upload } from './upload.ts';

const RFC_3339 = /^\d{4}-\d{2}-\d{2}[Tt](?!24)\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** What stands in a document is read as a variable is, and told where it stands. */
const literal =
  <T>(parse: (value: unknown) => T) =>
  (node: ValueNode, variables?: Record<string, unknown> | null): T => {
    try {
      return parse(valueFromASTUntyped(node, variables));
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      throw new GraphQLError(error.message, { nodes: node, extensions: error.extensions });
    }
  };

function parseDateTime(value: unknown): Date {
  const date = typeof value === 'string' && RFC_3339.test(value) ? new Date(value.toUpperCase()) : null;
  if (!date || !isInRange(date) || !isCalendarDay(String(value))) {
    throw badUserInput('a DateTime is RFC 3339 text with an offset, such as 2026-01-31T08:00:00.000Z');
  }
  return date;
}

function parseDay(value: unknown): string {
  if (typeof value === 'string' && isDay(value)) return value;
  throw badUserInput('a Date is a day of the calendar, such as 2026-01-31');
}

function parseFile(value: unknown): Upload {
  if (isUpload(value)) return value;
  throw badUserInput('a File comes as a part of a multipart request, mapped to this variable');
}

builder.scalarType('DateTime', {
  description:
    'A moment as RFC 3339 text: `2026-01-31T08:00:00.000Z`. Given with any offset, answered in UTC with milliseconds.',
  serialize: textOf,
  parseValue: parseDateTime,
  parseLiteral: literal(parseDateTime),
});

const two = (figure: number): string => (figure < 10 ? `0${figure}` : String(figure));

/** As `toISOString`, in half of its time: pages hold dozens of them. */
function textOf(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) return date.toISOString();
  const milliseconds = String(date.getUTCMilliseconds()).padStart(3, '0');
  const day = `${year}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
  return `${day}T${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}.${milliseconds}Z`;
}

/** In UTC, too: RFC 3339 cannot write a year of five digits, and Postgres has no year 0. */
const isInRange = (date: Date): boolean => date.getUTCFullYear() >= 1 && date.getUTCFullYear() <= 9999;

/** `Date` makes the 2nd of March of the 30th of February; nobody who asks for that means it. */
function isCalendarDay(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
}

builder.scalarType('Date', {
  description: 'A day in Beijing, in which WeChat counts: `2026-01-31`.',
  serialize: (day) => day,
  parseValue: parseDay,
  parseLiteral: literal(parseDay),
});

builder.scalarType('File', {
  description:
    'A file of a multipart request (https://github.com/jaydenseric/graphql-multipart-request-spec), sent with the header GraphQL-Require-Preflight.',
  serialize: () => {
    throw new Error('a file is never answered');
  },
  parseValue: parseFile,
  parseLiteral: literal(parseFile),
});
