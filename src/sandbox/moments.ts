import type { PostAnswer } from './post.ts';
import type { RequestRecord } from './request-log.ts';
import type { SandboxSend } from './send.ts';

/** One try to hand a push to the callback URL. */
export interface PushAttempt {
  appId: string;
  xml: string;
  /** From 1 to 3. */
  attempt: number;
  /** Null where no answer came within five seconds, or none at all. */
  answer: PostAnswer | null;
  /** Answered 200 with `success` or nothing. */
  accepted: boolean;
}

/** What can be waited for. */
export interface Happenings {
  /** A request arrived, and nothing has been done about it yet. */
  request: RequestRecord;
  /** A push was answered, or failed. */
  push: PushAttempt;
  /** A mass send was accepted; its own answer has not gone out yet. */
  accepted: SandboxSend;
}

export interface Moments {
  tell<Name extends keyof Happenings>(name: Name, happening: Happenings[Name]): void;
  /** The first one from now on that the predicate takes. */
  waitFor<Name extends keyof Happenings>(
    name: Name,
    predicate?: (happening: Happenings[Name]) => boolean,
  ): Promise<Happenings[Name]>;
}

type Waiter = { name: keyof Happenings; offer: (happening: unknown) => boolean };

export function createMoments(): Moments {
  const waiters = new Set<Waiter>();
  return {
    tell(name, happening) {
      for (const waiter of waiters) {
        if (waiter.name === name && waiter.offer(happening)) waiters.delete(waiter);
      }
    },
    waitFor: <Name extends keyof Happenings>(
      name: Name,
      predicate: (happening: Happenings[Name]) => boolean = () => true,
    ) =>
      new Promise<Happenings[Name]>((resolve) => {
        const offer = (happening: unknown) => {
          const taken = predicate(happening as Happenings[Name]);
          if (taken) resolve(happening as Happenings[Name]);
          return taken;
        };
        waiters.add({ name, offer });
      }),
  };
}
