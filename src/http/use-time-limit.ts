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

/** Null where it takes longer. */
export function inTime<T>(work: Promise<T>, milliseconds: number, clock: Clock): Promise<T | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const cancel = clock.after(milliseconds, () => resolve(null));
  return Promise.race([work.finally(cancel), late]);
}

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
        const time = timeOf(args);
        return inTime(result, time, clock).then((inside) => inside ?? { errors: [tooLate(time)] });
      });
    },
  };
}

function holdsUpload(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return isUpload(value) || Object.values(value).some(holdsUpload);
}
