import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';

const HOUR = 3_600_000;

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-06-01T02:00:00.000Z') }));
afterEach(() => void vi.useRealTimers());

it('calls back after so many milliseconds, however many, once', () => {
  const called = vi.fn();
  for (const milliseconds of [5, 90_000, 2 ** 31 + 5]) systemClock.after(milliseconds, called);
  vi.advanceTimersByTime(5);
  expect(called).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(89_994);
  expect(called).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1);
  expect(called).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(2 ** 31);
  expect(called).toHaveBeenCalledTimes(3);
});

it('calls back within a minute of the time, where the machine has slept', () => {
  const called = vi.fn();
  systemClock.after(5 * HOUR, called);
  vi.setSystemTime(Date.now() + 5 * HOUR);
  vi.advanceTimersByTime(60_010);
  expect(called).toHaveBeenCalledOnce();
});

it('keeps nobody waiting for longer because the clock was set back', () => {
  const called = vi.fn();
  systemClock.after(HOUR, called);
  vi.setSystemTime(Date.now() - 48 * HOUR);
  vi.advanceTimersByTime(HOUR);
  expect(called).toHaveBeenCalledOnce();
});

it('does not call back once it was taken back', () => {
  const called = vi.fn();
  const cancel = systemClock.after(3 * HOUR, called);
  vi.advanceTimersByTime(2 * HOUR);
  cancel();
  vi.advanceTimersByTime(2 * HOUR);
  expect(called).not.toHaveBeenCalled();
});
