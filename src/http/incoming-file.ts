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

/** What the files of one form know of each other: they come one after another, and fields may want them in another order. */
export function createForm() {
  /** Fails those that a field waits for and that have not begun to come. */
  const awaited = new Set<(error: Error) => void>();
  /** Those that hold as much as they may, and that no field reads. */
  const full = new Set<IncomingFile>();

  /** Neither would ever end: the file that is wanted stands behind one that nobody takes in. */
  function look(): void {
    if (full.size === 0) return;
    const error = badUserInput(
      'multipart: more than 10 MB came before the file that a field waits for; put the files in the order in which the fields read them',
    );
    for (const fail of awaited) fail(error);
  }

  return {
    async waitFor(started: Promise<void>, fail: (error: Error) => void): Promise<void> {
      awaited.add(fail);
      look();
      await started.finally(() => awaited.delete(fail));
    },
    stuck(file: IncomingFile): void {
      full.add(file);
      look();
    },
    goesOn(file: IncomingFile): void {
      full.delete(file);
    },
  };
}
export type Form = ReturnType<typeof createForm>;

/** An upload whose bytes still arrive, and the end by which they come in. */
export function createIncomingFile(form: Form): { upload: Upload; file: IncomingFile } {
  const started = Promise.withResolvers<void>();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let arriving = false;
  let ended = false;
  let abandoned = false;
  let failure: Error | null = null;
  /** Bytes of it were given away or thrown away: whoever comes now would take the rest for the whole. */
  let taken = false;
  let readers = 0;
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
    form.goesOn(file);
    changed();
  };

  async function collect(stream: AsyncIterable<Buffer>): Promise<void> {
    try {
      for await (const chunk of stream) {
        if (abandoned) continue;
        held.push(chunk);
        heldBytes += chunk.length;
        changed();
        while (heldBytes > MOST_HELD_BYTES && !abandoned) {
          if (readers === 0) form.stuck(file);
          await change();
        }
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
      taken = true;
      letGo();
    },
  };

  const fail = (error: Error): void => file.fail(error);

  async function begin(takes: boolean): Promise<void> {
    if (!arriving && !failure) await form.waitFor(started.promise, fail);
    refuseTaken();
    taken = takes;
    readers++;
    form.goesOn(file);
  }

  function refuseTaken(): void {
    if (!taken) return;
    throw badUserInput('multipart: another field has read this file; give each field a file of its own');
  }

  const upload = asUpload({
    get name() {
      return name;
    },
    get contentType() {
      return contentType;
    },
    async read(mostBytes) {
      await begin(false);
      try {
        for (;;) {
          refuseTaken();
          if (heldBytes > mostBytes) {
            file.abandon();
            return null;
          }
          if (failure) throw failure;
          if (ended) return new Uint8Array(Buffer.concat(held));
          await change();
        }
      } finally {
        readers--;
      }
    },
    async *chunks() {
      await begin(true);
      try {
        for (;;) {
          const given = held;
          letGo();
          yield* given;
          if (held.length > 0) continue;
          if (failure) throw failure;
          if (ended) return;
          await change();
        }
      } finally {
        readers--;
        file.abandon();
      }
    },
  });
  return { upload, file };
}
