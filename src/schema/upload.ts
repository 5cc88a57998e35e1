/** A file of a multipart request, which may still be arriving. */
export interface Upload {
  name: string;
  contentType: string;
  /** The whole file, or null as soon as it turns out to be larger than `mostBytes`: its end is not waited for. */
  read(mostBytes: number): Promise<Uint8Array<ArrayBuffer> | null>;
  /** The file piece by piece, however large: the sender waits while a piece is worked on. */
  chunks(): AsyncIterable<Uint8Array>;
}

const marks = new WeakSet<object>();

/** Marks what a request parser made as a file, so that no JSON can pass for one. */
export function asUpload(upload: Upload): Upload {
  marks.add(upload);
  return upload;
}

export const isUpload = (value: unknown): value is Upload =>
  typeof value === 'object' && value !== null && marks.has(value);
