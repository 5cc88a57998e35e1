import type { IncomingMessage, ServerResponse } from 'node:http';
import busboy from 'busboy';
import type { GraphQLParams } from 'graphql-yoga';
import { badUserInput } from '../schema/bad-user-input.ts';
import type { Upload } from '../schema/upload.ts';
import { createForm, createIncomingFile, type IncomingFile } from './incoming-file.ts';
import { badRequest, bodyTooLarge } from './request-body.ts';

const LIMITS = { fields: 2, files: 8 };

/** Far more than any field takes. A map is small and the work that it asks for is not. */
const MOST_PLACES = 64;
const MOST_DEPTH = 16;

/** What the parser puts in the place of bytes that are no UTF-8. Who means the character itself writes \ufffd. */
const UNREADABLE = /\ufffd/;

/** A client that goes on sending after its answer is listened to for so long; then the line is cut. */
const MOST_IGNORED_BYTES = 64 * 1024 * 1024;

/**
 * Reads a GraphQL multipart request. Resolves as soon as the operations and the map are there, while the files still arrive: so a file
 * that is too large is refused while it streams.
 */
export function readMultipart(
  request: IncomingMessage,
  response: ServerResponse,
  /** Of its operations, in bytes. */
  mostBytes: number,
): Promise<GraphQLParams> {
  const { promise, resolve, reject } = Promise.withResolvers<GraphQLParams>();
  const files = new Map<string, IncomingFile>();
  let operations: unknown;
  let mapped = false;
  const wrong = (message: string) => reject(badRequest(`multipart: ${message}`));

  let parser: busboy.Busboy;
  try {
    // `defParamCharset`: browsers write file names in UTF-8.
    parser = busboy({
      headers: request.headers,
      limits: { ...LIMITS, fieldSize: mostBytes },
      defParamCharset: 'utf8',
    });
  } catch (error) {
    wrong(messageOf(error));
    return promise;
  }

  parser.on('field', (name, value, { valueTruncated }) => {
    try {
      if (valueTruncated) reject(bodyTooLarge(mostBytes));
      else if (UNREADABLE.test(value)) wrong(`the field ${name} is not text in UTF-8`);
      else if (name === 'operations' && operations === undefined) operations = JSON.parse(value);
      else if (name === 'map' && operations !== undefined) {
        insertFiles(operations, JSON.parse(value), files);
        mapped = true;
        resolve(operations as GraphQLParams);
      } else wrong('it must have the fields operations and map, in this order, and then the files');
    } catch (error) {
      wrong(error instanceof SyntaxError ? `the field ${name} is not JSON` : messageOf(error));
    }
  });
  parser.on('file', (name, stream, { filename, mimeType }) => {
    const file = files.get(name);
    if (!mapped) wrong('the fields operations and map come before the files');
    if (!file) return stream.resume();
    file.receive(stream, filename ?? '', mimeType);
  });
  parser.on('error', (error: Error) => fail(error.message));
  parser.on('close', () => fail('it ended too early'));
  request.on('error', () => parser.destroy(new Error('the connection broke')));

  /** Whatever is still waited for will not come. */
  function fail(message: string): void {
    wrong(message);
    for (const file of files.values()) file.fail(badUserInput(`multipart: ${message}`));
  }

  request.pipe(parser);
  response.once('close', () => {
    for (const file of files.values()) file.abandon();
    cutEndless(request);
  });
  return promise;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : 'it cannot be read');

function cutEndless(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MOST_IGNORED_BYTES) request.destroy();
  });
}

/** Puts an upload wherever the map says, and gives the parser what to fill it with. */
function insertFiles(operations: unknown, map: unknown, files: Map<string, IncomingFile>): void {
  if (typeof operations !== 'object' || operations === null || Array.isArray(operations)) {
    throw badRequest('operations must be one operation; batches are not taken');
  }
  if (typeof map !== 'object' || map === null) throw badRequest('map must be an object');
  const form = createForm();
  const parts = Object.entries(map);
  if (parts.length > LIMITS.files) throw badRequest(`map: it may name ${LIMITS.files} files at most`);
  const places = parts.flatMap(([, paths]) => paths);
  if (places.length > MOST_PLACES) throw badRequest(`map: it may name ${MOST_PLACES} places at most`);
  for (const [part, paths] of parts) {
    const { upload, file } = createIncomingFile(form);
    files.set(part, file);
    for (const path of Array.isArray(paths) ? paths : [paths]) {
      const [key = '', ...rest] = String(path).split('.', MOST_DEPTH + 1);
      if (rest.length === MOST_DEPTH)
        throw badRequest(`map: a place may be ${MOST_DEPTH} names deep at most`);
      insertAt(operations, key, rest, upload);
    }
  }
}

/** Only where the operations have a null of their own: nothing is added, and nothing inherited is reached. */
function insertAt(target: object, key: string, rest: readonly string[], upload: Upload): void {
  const holder = target as Record<string, unknown>;
  if (!Object.hasOwn(holder, key)) throw badRequest(`map: ${key} is not a place in operations`);
  const inner = holder[key];
  const [next, ...further] = rest;
  if (next === undefined && inner === null) holder[key] = upload;
  else if (next !== undefined && typeof inner === 'object' && inner !== null)
    insertAt(inner, next, further, upload);
  else throw badRequest(`map: ${key} is not null in operations`);
}
