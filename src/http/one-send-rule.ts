import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

const SENDS = new Set(['massSend', 'preview']);

/** An operation holds at most one field that sends, counted through aliases and fragments: nobody sends fifteen by a slip. */
export const oneSendRule: ValidationRule = (context) => ({
  OperationDefinition(operation) {
    if (operation.operation !== 'mutation') return;
    if (countSends(operation.selectionSet, context, new Set()) <= 1) return;
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

/** Directives do not matter: what @skip leaves out today, it does not with other variables. */
function countSends(
  selections: SelectionSetNode,
  context: ValidationContext,
  path: Set<FragmentDefinitionNode>,
): number {
  return selections.selections.reduce((count, selection) => {
    if (selection.kind === Kind.FIELD) return count + (SENDS.has(selection.name.value) ? 1 : 0);
    if (selection.kind === Kind.INLINE_FRAGMENT)
      return count + countSends(selection.selectionSet, context, path);
    const fragment = context.getFragment(selection.name.value);
    // Fragments that contain each other are another rule's to refuse, but must not keep this one going for ever.
    if (!fragment || path.has(fragment)) return count;
    return count + countSends(fragment.selectionSet, context, new Set(path).add(fragment));
  }, 0);
}
