/** `before` the request takes effect, or `after` it did, so that only the answer is lost. */
export type When = 'before' | 'after';

/** What goes wrong with one call. */
export type Fault =
  /** Nothing. */
  | { pass: true }
  /** Refused with this code, and without effect; where there is a promise, once it resolves. */
  | { errcode: number; errmsg?: string; gate?: Promise<void> }
  /** The connection is destroyed. */
  | { drop: When }
  /** No answer ever comes. */
  | { hang: When }
  /** An HTML page with this HTTP status. @default when 'before' */
  | { html: number; when?: When }
  /** Any text as the answer. @default when 'before' */
  | { body: string; when?: When }
  /** Held until the promise resolves. */
  | { gate: Promise<void>; when: When };

/** What the client gets to see. */
export type Outcome = Reply | 'drop' | 'hang';

export interface Reply {
  status: number;
  contentType: string;
  body: string;
}

const TEXT = 'text/plain';

// WeChat labels its JSON as text.
export const jsonReply = (fields: object): Reply => ({
  status: 200,
  contentType: TEXT,
  body: JSON.stringify(fields),
});

const htmlReply = (status: number): Reply => ({
  status,
  contentType: 'text/html',
  body: `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`,
});

/** Carries a call out the way its fault wants it. `refuse` makes the answer for a scripted errcode. */
export async function carryOutUnder(
  fault: Fault,
  carryOut: () => Promise<Reply>,
  refuse: (errcode: number, errmsg?: string) => Reply,
): Promise<Outcome> {
  if ('pass' in fault) return carryOut();
  if ('errcode' in fault) {
    await fault.gate;
    return refuse(fault.errcode, fault.errmsg);
  }
  if ('gate' in fault) {
    if (fault.when === 'before') await fault.gate;
    const reply = await carryOut();
    if (fault.when === 'after') await fault.gate;
    return reply;
  }
  const { when, outcome } = spoiled(fault);
  if (when === 'after') await carryOut();
  return outcome;
}

type Spoiler = Exclude<Fault, { pass: true } | { errcode: number } | { gate: Promise<void> }>;

function spoiled(fault: Spoiler): { when: When; outcome: Outcome } {
  if ('drop' in fault) return { when: fault.drop, outcome: 'drop' };
  if ('hang' in fault) return { when: fault.hang, outcome: 'hang' };
  const { when = 'before' } = fault;
  if ('html' in fault) return { when, outcome: htmlReply(fault.html) };
  return { when, outcome: { status: 200, contentType: TEXT, body: fault.body } };
}

/** The faults to come, for each path in the order they were scripted. */
export function createFaultScript(paths: readonly string[]) {
  const script = new Map<string, Fault[]>(paths.map((path) => [path, []]));
  return {
    /** @throws Error for a path that is no endpoint */
    add(path: string, faults: readonly Fault[]): void {
      const queue = script.get(path);
      if (!queue) throw new Error(`The sandbox has no endpoint ${path}.`);
      queue.push(...faults);
    },
    take: (path: string): Fault => script.get(path)?.shift() ?? { pass: true },
  };
}
