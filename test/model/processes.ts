import type { DeliveryResult } from '../../src/campaigns/delivery-result.ts';
import type { Database } from '../../src/db/database.ts';
import type { Log } from '../../src/log.ts';
import type { AccessToken } from '../../src/wechat/tokens.ts';
import { type Alteration, type Life, startLife } from './gateway-life.ts';
import type { JumpingClock } from './jumping-clock.ts';
import type { Ledger } from './ledger.ts';
import type { ModelWechat } from './model-wechat.ts';
import { createMortal, DatabaseAwayError, type Mortal } from './mortal.ts';
import type { Timing } from './schedule.ts';
import { watch } from './watch.ts';

/** WeChat delivers a push three times, until it is taken. */
const PUSH_TRIES = 3;
const PUSH_PAUSE_MS = 5_000;

/** The gateway's processes: the one that has the database, and perhaps one that has not noticed that it lost it. */
export function createProcesses(deps: {
  database: Database;
  appId: string;
  clock: JumpingClock;
  timing: Timing;
  ledger: Ledger;
  wechat: () => ModelWechat;
  alter: Alteration;
  seen: (what: string) => void;
}) {
  const { database, appId, clock, timing, ledger, seen } = deps;
  const tokens = new Map<string, AccessToken>();
  let current = null as { mortal: Mortal; life: Life } | null;
  let superseded = null as Mortal | null;
  /** Whoever restarts a gateway that has died. */
  let cancelRestart = () => {};

  const log: Log = {
    debug() {},
    info() {},
    warn() {},
    error(context) {
      const { error } = context as { error: unknown };
      if (error instanceof DatabaseAwayError) return;
      if (superseded && String(error).includes('has taken this database over')) {
        seen('superseded');
        superseded.die();
      } else ledger.findings.push(`the engine stumbled: ${error}`);
    },
  };

  /** The machine sleeps, or its clock is set. */
  function jump(milliseconds: number): void {
    deps.wechat().cutLines();
    clock.jump(milliseconds);
  }

  async function start(): Promise<void> {
    if (current) return;
    const mortal = createMortal({
      clock,
      sleep: jump,
      onDeath(downFor) {
        seen('died at an await');
        if (current?.mortal !== mortal) return;
        current = null;
        cancelRestart = clock.after(downFor, () => void start());
      },
    });
    const isSuperseded = () => mortal === superseded;
    const life = await startLife({
      ...{ database, appId, mortal, timing, log },
      exchange: deps.wechat().connect(() => mortal.isAlive() && !isSuperseded()),
      tokenStore: {
        readToken: async () => tokens.get(appId) ?? null,
        saveToken: async (_, token) => void tokens.set(appId, token),
      },
      watch: watch(ledger, database, isSuperseded),
      alter: deps.alter,
    });
    if (mortal.isAlive()) current = { mortal, life };
  }

  function kill(): void {
    cancelRestart();
    current?.mortal.die();
    current = null;
  }

  return {
    start,
    jump,

    /** Null while none runs. */
    life: () => current?.life ?? null,
    mortal: () => current?.mortal ?? null,

    /** Killed, and started again when so many milliseconds have passed. */
    async outage(downFor: number): Promise<void> {
      kill();
      await clock.advance(downFor);
      await start();
    },

    /** Another starts on the same database while this one lives. */
    async takeOver(): Promise<void> {
      superseded?.die();
      superseded = current?.mortal ?? null;
      current = null;
      await start();
    },

    /** Only the process that has the database is left, or none. */
    endSuperseded: () => superseded?.die(),

    killAll(): void {
      superseded?.die();
      kill();
    },

    /** WeChat pushes a result event. */
    push: function push(result: DeliveryResult, tries = PUSH_TRIES): void {
      const again = clock.after(PUSH_PAUSE_MS, () => {
        if (tries > 1) push(result, tries - 1);
      });
      const raw = JSON.stringify(result);
      const event = { msgType: 'event', event: 'MASSSENDJOBFINISH', raw, digest: raw, result };
      current?.life.inbox.receive({ appId, receivedAt: clock.now(), ...event }).then(
        () => again(),
        () => {},
      );
    },
  };
}
