import type { YogaServerOptions } from 'graphql-yoga';

type Render = NonNullable<YogaServerOptions<object, object>['renderGraphiQL']>;

/** @param load brings the page's nine megabytes, for those who open it */
export const createGraphiqlPage =
  (
    mask: (error: unknown) => Error,
    load: () => Promise<{ renderGraphiQL: Render }> = () => import('@graphql-yoga/render-graphiql'),
  ): Render =>
  async (options) => {
    try {
      return await (await load()).renderGraphiQL(options);
    } catch (error) {
      // The server answers with the stack of whatever is thrown here. The true one is for the log alone.
      const stack = JSON.stringify({ errors: [mask(error)] });
      throw Object.assign(new Error('GraphiQL could not be shown'), { stack });
    }
  };
