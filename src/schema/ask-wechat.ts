import { GraphQLError, type GraphQLFieldExtensions } from 'graphql';
import { WechatError } from '../wechat/errors.ts';

/** For fields that have no place for an outcome: WeChat's refusal becomes an error of the field, with the code WECHAT_ERROR. */
export async function askWechat<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof WechatError)) throw error;
    const { errcode, errmsg, rid, retryable } = error;
    throw new GraphQLError(error.message, {
      extensions: { code: 'WECHAT_ERROR', errcode, errmsg, rid, retryable },
    });
  }
}

const NAME = 'asksWechat';

/** `extensions: askingWechat` at a field of a query: whoever asks twice has asked WeChat twice. */
export const askingWechat: Record<string, boolean> = { [NAME]: true };

export const asksWechat = ({
  extensions,
}: {
  extensions: Readonly<GraphQLFieldExtensions<unknown, unknown>>;
}): boolean => extensions[NAME] === true;
