import type { Plugin } from 'graphql-yoga';
import { badUserInput } from '../schema/bad-user-input.ts';

/**
 * Refuses variables with a number that JSON has rounded: it was a msg_id, and is that of another send by now. No type of this schema
 * takes numbers of that size.
 */
export function useExactNumbers(): Plugin {
  const refusal = (variables: unknown) =>
    holdsRounded(variables)
      ? { errors: [badUserInput('a number beyond 2^53 is rounded on its way: send ids as text')] }
      : null;
  return {
    onExecute({ args, setResultAndStopExecution }) {
      const refused = refusal(args.variableValues);
      if (refused) setResultAndStopExecution(refused);
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const refused = refusal(args.variableValues);
      if (refused) setResultAndStopExecution(refused);
    },
  };
}

export function holdsRounded(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && !Number.isSafeInteger(value);
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsRounded);
}
