import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { badUserInput } from '../schema/bad-user-input.ts';

/** Objects and lists inside each other. No type of this schema takes half of it, and what walks through variables calls itself. */
const MOST_DEPTH = 32;

const ROUNDED = 'a number beyond 2^53 is rounded on its way: send ids as text';
const NESTED = `variables may be nested ${MOST_DEPTH} deep at most`;

/**
 * Refuses variables with a number that JSON has rounded: it was a msg_id, and is that of another send by now. No type of this schema
 * takes numbers of that size.
 */
export function useExactNumbers(): Plugin {
  const refuse = ({ args, setResultAndStopExecution }: Beginning): void => {
    const wrong = wrongVariables(args.variableValues);
    if (wrong) setResultAndStopExecution({ errors: [badUserInput(wrong)] });
  };
  return { onExecute: refuse, onSubscribe: refuse };
}

interface Beginning {
  args: { variableValues?: unknown };
  setResultAndStopExecution(result: ExecutionResult): void;
}

/** What makes variables unfit: a number that was rounded, or more nesting than anything takes. Null where nothing does. */
export const wrongVariables = (variables: unknown): string | null => wrongIn(variables, MOST_DEPTH);

function wrongIn(value: unknown, depthLeft: number): string | null {
  if (typeof value === 'number')
    return Number.isInteger(value) && !Number.isSafeInteger(value) ? ROUNDED : null;
  if (typeof value !== 'object' || value === null) return null;
  if (depthLeft === 0) return NESTED;
  for (const each of Object.values(value)) {
    const wrong = wrongIn(each, depthLeft - 1);
    if (wrong) return wrong;
  }
  return null;
}
