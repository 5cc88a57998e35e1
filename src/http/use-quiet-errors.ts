import {
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  Kind,
  type ValidationRule,
  visit,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { RefusalCode, refusal } from './refusal.ts';

const noIntrospectionRule: ValidationRule = (context) => ({
  Field({ name }) {
    if (name.value !== '__schema') return;
    context.reportError(refusal(400, RefusalCode.INTROSPECTION_OFF, 'introspection is off on this gateway'));
  },
});

/** No type is known by its name, and so every `__type` is null: the answer that any schema gives for a name that is not in it. */
function withoutTypes(document: DocumentNode): { document: DocumentNode; keys: Set<string> } {
  const keys = new Set<string>();
  const changed = visit(document, {
    Field(field) {
      if (field.name.value !== '__type') return;
      const key = field.alias?.value ?? field.name.value;
      keys.add(key);
      return {
        kind: Kind.FIELD,
        alias: { kind: Kind.NAME, value: key },
        name: { kind: Kind.NAME, value: '__typename' },
        ...(field.directives ? { directives: field.directives } : {}),
      };
    },
  });
  return { document: changed, keys };
}

function withNulls(result: ExecutionResult, keys: Set<string>): ExecutionResult {
  if (!result.data || keys.size === 0) return result;
  const data = Object.entries(result.data).map(([key, value]) => [key, keys.has(key) ? null : value]);
  return { ...result, data: Object.fromEntries(data) };
}

/** The executor guesses at values of variables, asked or not. Errors with a path come from the gateway itself. */
function withoutGuesses(result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  const errors = result.errors.map((error) => {
    const message = error.message.replace(/ Did you mean [^?]*\?/g, '');
    if (error.path || message === error.message) return error;
    const { nodes, source, positions, extensions } = error;
    return new GraphQLError(message, { nodes, source, positions, extensions });
  });
  return { ...result, errors };
}

/** Tells nothing of the schema to whoever does not know it: no introspection, and no guesses at what a wrong name was meant to be. */
export function useQuietErrors(): Plugin {
  return {
    onValidate({ addValidationRule, validateFn, setValidationFn }) {
      addValidationRule(noIntrospectionRule);
      setValidationFn((schema, document, rules, options) =>
        validateFn(schema, document, rules, { ...options, hideSuggestions: true }),
      );
    },
    onExecute({ args }) {
      const { document, keys } = withoutTypes(args.document);
      args.document = document;
      return {
        onExecuteDone({ result, setResult }) {
          if (result && !(Symbol.asyncIterator in result)) setResult(withoutGuesses(withNulls(result, keys)));
        },
      };
    },
    onSubscribe: () => ({
      onSubscribeResult({ result, setResult }) {
        if (result && !(Symbol.asyncIterator in result)) setResult(withoutGuesses(result));
      },
    }),
  };
}
