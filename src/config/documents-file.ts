import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ConfigError, parseSettings } from './settings.ts';

const documentsFile = z.record(z.string().min(1), z.string());

/** Documents by their ids, as graphql-codegen and relay-compiler write them. Throws `ConfigError`. */
export function readDocuments(path: string): ReadonlyMap<string, string> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
    throw new ConfigError(`TRUSTED_DOCUMENTS: ${path}: ${reason}`);
  }
  const documents = parseSettings(documentsFile, content, `TRUSTED_DOCUMENTS ${path}`);
  return new Map(Object.entries(documents));
}
