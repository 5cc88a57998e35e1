import { createClient } from 'graphql-ws';

interface Answer {
  data?: unknown;
  errors?: { message: string }[];
}

/** The gateway as any frontend sees it: operations over HTTP, subscriptions over WebSocket. @param key none where the gateway is open */
export function createGatewayClient(url: string, key: string | undefined) {
  const keyed: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};
  const socket = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: keyed,
  });

  async function post<T>(init: RequestInit): Promise<T> {
    const response = await fetch(`${url}/graphql`, { method: 'POST', ...init });
    const { data, errors } = (await response.json()) as Answer;
    if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
    return data as T;
  }

  return {
    query: <T>(query: string, variables: object = {}): Promise<T> =>
      post({
        headers: { 'content-type': 'application/json', ...keyed },
        body: JSON.stringify({ query, variables }),
      }),

    /** A multipart request, whose file fills the variable `file`. */
    upload<T>(query: string, file: File): Promise<T> {
      const form = new FormData();
      form.set('operations', JSON.stringify({ query, variables: { file: null } }));
      form.set('map', JSON.stringify({ 0: ['variables.file'] }));
      form.set('0', file);
      return post({ headers: { 'graphql-require-preflight': '1', ...keyed }, body: form });
    },

    async *subscribe<T>(query: string, variables: Record<string, unknown> = {}): AsyncGenerator<T> {
      for await (const { data, errors } of socket.iterate({ query, variables })) {
        if (errors) throw new Error(errors.map(({ message }) => message).join('; '));
        yield data as T;
      }
    },

    close: () => socket.dispose(),
  };
}
export type GatewayClient = ReturnType<typeof createGatewayClient>;
