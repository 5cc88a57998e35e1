import { type ExecutionResult, GraphQLError, type ValidationRule } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { costOf, type OperationCost } from '../schema/cost.ts';
import { isFeed } from './feed.ts';
import type { Limits } from './limits.ts';
import { RefusalCode, refusal } from './refusal.ts';

const TOO_MANY_TOKENS = /^Syntax Error: Document contains more that/;

/** Counted as the document stands: each may ask for the same thing once more. */
export const aliasRule =
  (most: number): ValidationRule =>
  (context) => {
    let aliases = 0;
    return {
      Field({ alias }) {
        if (!alias || ++aliases !== most + 1) return;
        context.reportError(
          refusal(400, RefusalCode.TOO_MANY_ALIASES, `a document may have ${most} aliases at most`),
        );
      },
    };
  };

export function tooMuch({ cost, depth }: OperationCost, limits: Limits): GraphQLError | null {
  if (depth > limits.depth)
    return refusal(
      400,
      RefusalCode.TOO_DEEP,
      `an operation may be ${limits.depth} fields deep; this is ${depth}`,
    );
  if (cost > limits.cost)
    return refusal(
      400,
      RefusalCode.TOO_COSTLY,
      `an operation may cost ${limits.cost}; this may cost ${cost}: ask for smaller pages or fewer fields`,
    );
  return null;
}

function weigh(args: Parameters<typeof costOf>[0], limits: Limits) {
  try {
    const cost = costOf(args);
    return { cost, refused: cost && tooMuch(cost, limits) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { cost: null, refused: error };
  }
}

interface Asked {
  req?: { headers: Record<string, string | string[] | undefined> };
  params?: { extensions?: Record<string, unknown> };
}

/** Whoever tunes operations asks with the header `GraphQL-Cost`, or with `extensions: { cost: true }` over any transport. */
export const wantsCost = ({ req, params }: Asked): boolean =>
  req?.headers['graphql-cost'] !== undefined || params?.extensions?.cost === true;

export const tellingOf = (cost: OperationCost, limits: Limits) => ({
  ...cost,
  mostCost: limits.cost,
  mostDepth: limits.depth,
});

/** Refuses documents and operations that would take too much, before anything of them runs. */
export function useOperationLimits(limits: Limits): Plugin {
  const aliases = aliasRule(limits.aliases);

  function judge(args: Parameters<typeof costOf>[0] & { contextValue: unknown }) {
    const { cost, refused } = weigh(args, limits);
    const told = cost && wantsCost(args.contextValue as Asked);
    const telling = cost && tellingOf(cost, limits);
    return {
      refused,
      told,
      tell: (result: ExecutionResult): ExecutionResult =>
        told ? { ...result, extensions: { ...result.extensions, cost: telling } } : result,
    };
  }

  return {
    onParse({ parseFn, setParseFn }) {
      setParseFn((source: string, options?: object) => {
        if (source.length > limits.characters)
          throw refusal(
            400,
            RefusalCode.TOO_LONG,
            `a document may have ${limits.characters} characters at most; values belong into variables`,
          );
        try {
          return parseFn(source, { ...options, maxTokens: limits.tokens });
        } catch (error) {
          // The parser calls itself for what stands inside each other.
          if (error instanceof RangeError)
            throw refusal(400, RefusalCode.TOO_DEEP, 'a document is nested too deep to be read');
          if (!(error instanceof GraphQLError) || !TOO_MANY_TOKENS.test(error.message)) throw error;
          throw refusal(
            400,
            RefusalCode.TOO_MANY_TOKENS,
            `a document may have ${limits.tokens} tokens at most; values belong into variables`,
          );
        }
      });
    },
    onValidate({ addValidationRule }) {
      addValidationRule(aliases);
    },
    onExecute({ args, setResultAndStopExecution }) {
      const { refused, tell } = judge(args);
      if (refused) return setResultAndStopExecution(tell({ errors: [refused] }));
      return {
        onExecuteDone({ result, setResult }) {
          if (result && typeof result === 'object' && !(Symbol.asyncIterator in result))
            setResult(tell(result));
        },
      };
    },
    onSubscribe({ args, setResultAndStopExecution }) {
      const { refused, told, tell } = judge(args);
      if (refused) return setResultAndStopExecution(tell({ errors: [refused] }));
      if (!told) return;
      return {
        onSubscribeResult({ result }) {
          if (isFeed(result)) return void result.beside.set('cost', tell);
          return {
            onNext({ result, setResult }) {
              setResult(tell(result));
            },
          };
        },
      };
    },
  };
}
