import { GraphQLError } from 'graphql';
import { checkText } from '../campaigns/input-issue.ts';

/** A request that can be told to be wrong without looking further: answered with the code BAD_USER_INPUT. */
export const badUserInput = (message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

/** For arguments that are only looked up. No database can hold such text, and some fail when they are asked for it. */
export function refuseBrokenText(args: object): void {
  const [broken] = checkText(args);
  if (broken) throw badUserInput(`${broken.path.join('.')} ${broken.message}`);
}
