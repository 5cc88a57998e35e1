import { badUserInput } from '../schema/bad-user-input.ts';
import { asUpload, type Upload } from '../schema/upload.ts';

/** What is kept of a file that nobody has begun to read: enough for any file that WeChat takes. Then the sender has to wait. */
const MOST_HELD_BYTES = 10 * 1024 * 1024;

/** What a parser fills an upload with. */
export interface IncomingFile {
  receive(stream: AsyncIterable<Buffer>, name: string, contentType: string): void;
  /** It will not come. One that has begun to come fails by its own stream. */
  fail(error: Error): void;
  /** Nobody will read it any more: the rest is taken from the sender and thrown away. */
  abandon(): void;
}

/** An upload whose bytes still arrive, and the end by which they come in. */
export function createIncomingFile(): { upload: Upload; file: IncomingFile } {
  const started = Promise.withResolvers<void>();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let arriving = false;
  let ended = false;
  let abandoned = false;
  let failure: Error | null = null;
  let name = '';
  let contentType = 'application/octet-stream';
  /** Woken at every change: whoever waits for bytes, or for room. */
  const waiting: (() => void)[] = [];

  const changed = () => {
    for (const look of waiting.splice(0)) look();
  };
  const change = () => new Promise<void>((resolve) => waiting.push(resolve));
  const letGo = () => {
    held = [];
    heldBytes = 0;
    changed();
  };

  async function collect(stream: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const chunk of stream) {
        if (abandoned) continue;
        held.push(chunk);
        heldBytes += chunk.length;
        changed();
        while (heldBytes > MOST_HELD_BYTES && !abandoned) await change();
      }
      ended = true;
    } catch {
      failure ??= badUserInput('multipart: the file broke off');
    }
    changed();
  }

  const file: IncomingFile = {
    receive(stream, givenName, givenType) {
      name = givenName || 'file';
      contentType = givenType;
      arriving = true;
      started.resolve();
      void collect(stream);
    },
    fail(error) {
      if (arriving) return;
      failure = error;
      started.resolve();
      changed();
    },
    abandon() {
      abandoned = true;
      letGo();
    },
  };

  const upload = asUpload({
    get name() {
      return name;
    },
    get contentType() {
      return contentType;
    },
    async read(mostBytes) {
      await started.promise;
      for (;;) {
        if (heldBytes > mostBytes) {
          file.abandon();
          return null;
        }
        if (failure) throw failure;
        if (ended) return new Uint8Array(Buffer.concat(held));
        await change();
      }
    },
    async *chunks() {
      await started.promise;
      for (;;) {
        const given = held;
        letGo();
        yield* given;
        if (held.length > 0) continue;
        if (failure) throw failure;
        if (ended) return;
        await change();
      }
    },
  });
  return { upload, file };
}
