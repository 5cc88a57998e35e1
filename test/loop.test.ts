import { describe, expect, it } from 'vitest';
import { silentLog } from '../src/log.ts';
import { startLoop } from '../src/loop.ts';
import { createFakeClock } from './kit/fake-clock.ts';

/** Steps that a test takes one by one: each waits until it is told how it ends. */
function createSteps() {
  const begun: PromiseWithResolvers<Date | null>[] = [];
  let tell = () => {};
  return {
    begun,
    step: () => {
      const step = Promise.withResolvers<Date | null>();
      begun.push(step);
      tell();
      return step.promise;
    },
    /** Resolves once so many steps have begun. */
    until: (count: number) =>
      new Promise<void>((resolve) => {
        tell = () => {
          if (begun.length >= count) resolve();
        };
        tell();
      }),
  };
}

const clock = () => createFakeClock(new Date(0));

describe('the loop of an engine', () => {
  it('does the next step when the last one said that it is due, and not before', async () => {
    const time = clock();
    const { begun, step, until } = createSteps();
    const loop = startLoop({ clock: time, log: silentLog, step });
    begun[0]?.resolve(new Date(1_000));
    await time.waitForTimer(1_000);
    await time.advance(999);
    expect(begun).toHaveLength(1);
    await time.advance(1);
    await until(2);
    begun[1]?.resolve(null);
    await loop.stop();
  });

  it('goes on at once where the next step is due already', async () => {
    const { begun, step, until } = createSteps();
    const loop = startLoop({ clock: clock(), log: silentLog, step });
    begun[0]?.resolve(new Date(0));
    await until(2);
    begun[1]?.resolve(null);
    await loop.stop();
  });

  it('takes a wake that comes during a step for one after it', async () => {
    const { begun, step, until } = createSteps();
    const loop = startLoop({ clock: clock(), log: silentLog, step });
    loop.wake();
    begun[0]?.resolve(null);
    await until(2);
    begun[1]?.resolve(null);
    await loop.stop();
  });

  it('sleeps until it is woken where nothing is due', async () => {
    const { begun, step, until } = createSteps();
    const time = clock();
    const loop = startLoop({ clock: time, log: silentLog, step });
    begun[0]?.resolve(null);
    await time.advance(24 * 3_600_000);
    expect(begun).toHaveLength(1);
    loop.wake();
    await until(2);
    begun[1]?.resolve(null);
    await loop.stop();
  });

  it('goes on a second after a step that threw, and logs it', async () => {
    const { begun, step, until } = createSteps();
    const time = clock();
    const errors: object[] = [];
    const log = { ...silentLog, error: (context: object) => void errors.push(context) };
    const loop = startLoop({ clock: time, log, step });
    const error = new Error('the database is away');
    begun[0]?.reject(error);
    await time.waitForTimer(1_000);
    expect(errors).toEqual([{ error }]);
    await time.advance(1_000);
    await until(2);
    begun[1]?.resolve(null);
    await loop.stop();
  });

  it('waits twice as long after each failure that follows another, up to half a minute, and no longer once a step went well', async () => {
    const { begun, step, until } = createSteps();
    const time = clock();
    const loop = startLoop({ clock: time, log: silentLog, step });
    for (const [at, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      begun[at]?.reject(new Error('the database is away'));
      await time.waitForTimer(seconds * 1_000);
      await time.advance(seconds * 1_000);
      await until(at + 2);
    }
    begun[7]?.resolve(new Date(0));
    await until(9);
    begun[8]?.reject(new Error('away again'));
    await time.waitForTimer(1_000);
    await loop.stop();
  });

  it('finishes the step under way when it is stopped, and begins no other', async () => {
    const { begun, step } = createSteps();
    const loop = startLoop({ clock: clock(), log: silentLog, step });
    let stopped = false;
    const stopping = loop.stop().then(() => {
      stopped = true;
    });
    await Promise.resolve();
    expect(stopped).toBe(false);
    loop.wake();
    begun[0]?.resolve(new Date(0));
    await stopping;
    expect(begun).toHaveLength(1);
  });

  it('stops at once while it sleeps', async () => {
    const { begun, step } = createSteps();
    const time = clock();
    const loop = startLoop({ clock: time, log: silentLog, step });
    begun[0]?.resolve(new Date(3_600_000));
    await time.waitForTimer(3_600_000);
    await loop.stop();
    expect(begun).toHaveLength(1);
  });
});
