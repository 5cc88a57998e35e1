/** No answer came: the gateway is not there, or went away in the middle. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError' as const;
  /** There was nobody to connect to, so nobody has seen the question. */
  readonly wasNeverAsked: boolean;

  constructor(cause: unknown) {
    super('no answer', { cause });
    this.wasNeverAsked = codeOf(cause) === 'ECONNREFUSED';
  }
}

/** Longer than the ten seconds in which a send is answered. */
const PATIENCE_MS = 20_000;

/**
 * Asks a gateway that may be killed at any moment.
 * @param files by the path of the variable they stand for
 * Throws `NoAnswerError`, and `Error` for an answer with errors.
 */
export async function ask<T>(
  gatewayUrl: string,
  query: string,
  variables: object = {},
  files: Record<string, Blob> = {},
): Promise<T> {
  const operations = JSON.stringify({ query, variables });
  const answer = await post(
    gatewayUrl,
    Object.keys(files).length > 0
      ? { headers: { 'graphql-require-preflight': '1' }, body: form(operations, files) }
      : { headers: { 'content-type': 'application/json' }, body: operations },
  );
  if (answer.errors || !answer.data) throw new Error(JSON.stringify(answer));
  return answer.data as T;
}

function form(operations: string, files: Record<string, Blob>): FormData {
  const data = new FormData();
  data.set('operations', operations);
  data.set('map', JSON.stringify(Object.fromEntries(Object.keys(files).map((path) => [path, [path]]))));
  for (const [path, file] of Object.entries(files)) data.set(path, file, 'file');
  return data;
}

async function post(gatewayUrl: string, request: RequestInit): Promise<{ data?: unknown; errors?: unknown }> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const response = await fetch(`${gatewayUrl}/graphql`, { method: 'POST', signal, ...request });
    return (await response.json()) as { data?: unknown; errors?: unknown };
  } catch (cause) {
    throw new NoAnswerError(cause);
  }
}

/** `fetch` says only that it failed, and its cause says why. */
const codeOf = (error: unknown): unknown =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause
    ? error.cause.code
    : undefined;
