import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';

const SENDS = new Set(['massSend', 'preview']);

/** An operation holds at most one field that sends, counted through aliases and fragments: nobody sends fifteen by a slip. */
export const oneSendRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== 'mutation') return;
    if (countSends(operation.selectionSet, context, new Map()) <= 1) return;
    context.reportError(
      new GraphQLError(
        'an operation may hold one field that sends (massSend or preview), aliases and fragments included',
        {
          nodes: operation,
          extensions: { code: 'BAD_USER_INPUT' },
        },
      ),
    );
  },
});

export const useOneSend = (): Plugin => ({
  onValidate({ addValidationRule }) {
    addValidationRule(oneSendRule);
  },
});

/**
 * Directives do not matter: what @skip leaves out today, it does not with other variables. Each fragment is counted once, or fragments
 * that hold the next one twice would double the work at every step.
 */
function countSends(
  { selections }: SelectionSetNode,
  context: ValidationContext,
  counted: Map<FragmentDefinitionNode, number>,
): number {
  return selections.reduce((count, selection) => {
    if (selection.kind === Kind.FIELD) return count + (SENDS.has(selection.name.value) ? 1 : 0);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return count + countSends(selection.selectionSet, context, counted);
    const fragment = context.getFragment(selection.name.value);
    if (!fragment) return count;
    if (!counted.has(fragment)) {
      // Fragments that contain each other are another rule's to refuse, but must not keep this one going for ever.
      counted.set(fragment, 0);
      counted.set(fragment, countSends(fragment.selectionSet, context, counted));
    }
    return count + counted.get(fragment)!;
  }, 0);
}
