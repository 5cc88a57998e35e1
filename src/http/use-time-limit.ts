import { type ExecutionArgs, type GraphQLError, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Clock } from '../clock.ts';
import { isUpload } from '../schema/upload.ts';
import type { Limits } from './limits.ts';
import { RefusalCode, refusal } from './refusal.ts';

/** @param time in milliseconds */
export const tooLate = (time: number): GraphQLError =>
  refusal(
    503,
    RefusalCode.REQUEST_TIMEOUT,
    `not answered within ${time / 1000} seconds; what was begun goes on: ask for its outcome`,
  );

/** Nobody is kept waiting for ever. What was begun goes on to its end, and its outcome is stored as ever. */
export function useTimeLimit(limits: Limits, clock: Clock): Plugin {
  const timeOf = ({ document, operationName, variableValues }: ExecutionArgs): number => {
    const reads = getOperationAST(document, operationName)?.operation === OperationTypeNode.QUERY;
    return reads && !holdsUpload(variableValues) ? limits.queryMs : limits.mutationMs;
  };
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => {
        const result = executeFn(args);
        if (!(result instanceof Promise)) return result;
        const { promise: late, resolve } = Promise.withResolvers<object>();
        const time = timeOf(args);
        const cancel = clock.after(time, () => resolve({ errors: [tooLate(time)] }));
        return Promise.race([result.finally(cancel), late]);
      });
    },
  };
}

function holdsUpload(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isUpload(value) || Object.values(value).some(holdsUpload);
}
