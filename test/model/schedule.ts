import fc from 'fast-check';

/**
 * Everything that chance decides about one run. Lists are used up from the front. Behind their end nothing goes wrong, and nothing is
 * told of a result either.
 */
export interface Schedule {
  timing: Timing;
  /** What becomes of the sends that reach the network, one a call. */
  fates: Fate[];
  /** What becomes of the requests for a token. */
  tokenFates: TokenFate[];
  /** What becomes of the result events, one an accepted send. */
  resultFates: ResultFate[];
  /** Sends until WeChat says 45028; null: as many as there are. */
  quota: number | null;
  /** Whether WeChat looks at quotas and settings before it looks at the clientmsgid. */
  stateBeforeClientMsgId: boolean;
  steps: Step[];
}

export interface Timing {
  timeoutMs: number;
  retryPauseMs: number;
  statusPollMs: number;
}

/** `arrives`, `works` and `answers` are percentages of the time-out; the first two and the last follow one another. */
export type Fate = { arrives: number; works: number; answers: number } & (
  | { how: 'answered' }
  /** The connection was never made. */
  | { how: 'unreachable' }
  /** No answer, before or after WeChat has the request: at once, or none until the time-out. */
  | { how: 'lost'; when: 'before' | 'after'; hangs: boolean }
  /** Answered with this, without effect or after WeChat has accepted. */
  | { how: 'errcode'; errcode: number; when: 'before' | 'after' }
  /** Accepted, and the answer has no msg_id. */
  | { how: 'nameless' }
  /** Accepted and answered with 45065, because WeChat repeated it in its own house. */
  | { how: 'repeated inside' }
);

export interface TokenFate {
  /** Percentage of the time-out. */
  takes: number;
  fails: boolean;
}

export interface ResultFate {
  delivered: boolean;
  /** Milliseconds after acceptance; 'early': before the answer to the send. */
  after: number | 'early';
  lost: boolean;
  twice: boolean;
  /** Pushed once more, with the opposite result. */
  corrected: boolean;
}

/** What happens at one await of the engine: the `nth` from now, before or after the awaited thing has taken effect. */
export interface Trap {
  nth: number;
  when: 'before' | 'after';
  what:
    | { kind: 'dies'; downFor: number }
    /** The database is away, or the news of its commit is. */
    | { kind: 'fails' }
    /** The machine sleeps. */
    | { kind: 'sleeps'; for: number }
    /** It takes so many milliseconds. */
    | { kind: 'is slow'; for: number };
}

export type Step =
  /** Somebody asks for a campaign. */
  | {
      do: 'ask';
      jobs: number;
      /** WeChat refuses its contents, whenever it is asked. */
      isWrong: boolean;
      scheduledIn: number | null;
      sendWithin: number | null;
    }
  /** `pauses` in percentages of the retry pause. */
  | { do: 'pass'; pauses: number }
  | { do: 'jump'; for: number }
  /** Time goes on to near the end of the window of the longest unknown outcome: `off` is a percentage of the time-out. */
  | { do: 'approach the end'; off: number; how: 'jump' | 'outage' }
  | { do: 'trap'; trap: Trap }
  /** Killed, or stopped in good order, and started again. */
  | { do: 'restart'; downFor: number; inOrder: boolean }
  /** Another gateway takes the database over while this one has not noticed. */
  | { do: 'take over' }
  /** WeChat refuses every send with this code from now on; null: no more. */
  | { do: 'trouble'; errcode: number | null }
  | { do: 'refill' }
  /** Somebody cancels a campaign. */
  | { do: 'cancel'; which: number };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const percent = (max: number) => fc.integer({ min: 0, max });

/** From moments to days, all of them about as likely. */
const anyTime = fc.oneof(
  fc.integer({ min: 0, max: 90 * SECOND }),
  fc.integer({ min: 0, max: 3 * HOUR }),
  fc.integer({ min: 20 * HOUR, max: 26 * HOUR }),
  fc.integer({ min: 0, max: 72 * HOUR }),
);

const timing = fc
  .tuple(
    fc.constantFrom(
      { timeoutMs: 10 * SECOND, retryPauseMs: MINUTE },
      { timeoutMs: 10 * MINUTE, retryPauseMs: HOUR },
      { timeoutMs: 20 * MINUTE, retryPauseMs: 30 * MINUTE },
    ),
    // Soon, or after all is over.
    fc.constantFrom(MINUTE, 30 * 24 * HOUR),
  )
  .map(([timing, statusPollMs]): Timing => ({ ...timing, statusPollMs }));

const when = fc.constantFrom('before' as const, 'after' as const);

const pace = fc.record({
  arrives: percent(99),
  // Longer than the client waits, and at times longer than the pause: the repetition then meets the first try.
  works: fc.oneof({ weight: 3, arbitrary: percent(30) }, { weight: 1, arbitrary: percent(700) }),
  answers: percent(60),
});

const how = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ how: 'answered' as const }) },
  { weight: 1, arbitrary: fc.constant({ how: 'unreachable' as const }) },
  { weight: 5, arbitrary: fc.record({ how: fc.constant('lost' as const), when, hangs: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      how: fc.constant('errcode' as const),
      errcode: fc.constantFrom(-1, -1, 42010, 45011, 45066, 40001, 89501),
      when: fc.constant('before' as const),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ how: 'errcode' as const, errcode: -1, when: 'after' as const }) },
  { weight: 1, arbitrary: fc.constant({ how: 'nameless' as const }) },
  { weight: 1, arbitrary: fc.constant({ how: 'repeated inside' as const }) },
);

const fate: fc.Arbitrary<Fate> = fc.tuple(pace, how).map(([paced, what]) => ({ ...paced, ...what }));

const tokenFate: fc.Arbitrary<TokenFate> = fc.record({
  takes: percent(99),
  fails: fc.boolean(),
});

const resultFate: fc.Arbitrary<ResultFate> = fc.record({
  delivered: fc.boolean(),
  after: fc.oneof(fc.constant('early' as const), fc.integer({ min: 0, max: 30 * SECOND }), anyTime),
  lost: fc.boolean(),
  twice: fc.boolean(),
  corrected: fc.boolean(),
});

const trap: fc.Arbitrary<Trap> = fc.record({
  nth: fc.integer({ min: 1, max: 12 }),
  when,
  what: fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('dies' as const), downFor: anyTime }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'fails' as const }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('sleeps' as const), for: anyTime }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('is slow' as const), for: fc.integer({ min: 0, max: HOUR }) }),
    },
  ),
});

const ask = fc.record({
  do: fc.constant('ask' as const),
  jobs: fc.oneof({ weight: 6, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(2) }),
  isWrong: fc.oneof(
    { weight: 12, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  scheduledIn: fc.option(fc.integer({ min: 0, max: 2 * HOUR }), { freq: 5 }),
  sendWithin: fc.option(fc.integer({ min: SECOND, max: 4 * HOUR }), { freq: 5 }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: ask },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), pauses: percent(250) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('jump' as const), for: anyTime }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('approach the end' as const),
      off: fc.integer({ min: -300, max: 100 }),
      how: fc.constantFrom('jump' as const, 'outage' as const),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('trap' as const), trap }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('restart' as const), downFor: anyTime, inOrder: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'take over' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('trouble' as const),
      // Quotas, settings, materials, tags and recipients that come and go, an administrator who is asked, and a code that nobody knows.
      errcode: fc.constantFrom(null, 45028, 45009, 48004, 40007, 40050, 40130, 41040, 89501, 89506, 49999),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'refill' as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), which: fc.nat({ max: 3 }) }) },
);

/** Every schedule begins with somebody who asks for something. */
export const schedule: fc.Arbitrary<Schedule> = fc.record({
  timing,
  fates: fc.array(fate, { minLength: 1, maxLength: 4 }),
  tokenFates: fc.array(tokenFate, { maxLength: 3 }),
  resultFates: fc.array(resultFate, { maxLength: 2 }),
  quota: fc.option(fc.integer({ min: 0, max: 2 }), { freq: 3 }),
  stateBeforeClientMsgId: fc.boolean(),
  steps: fc
    .tuple(ask, fc.array(step, { minLength: 2, maxLength: 7 }))
    .map(([first, rest]) => [first, ...rest]),
});
