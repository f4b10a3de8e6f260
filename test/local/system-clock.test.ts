import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SystemClock } from '../../lib/local/system-clock.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const HOUR = 3_600_000;

describe('the system clock', () => {
  const clock = new SystemClock();
  let calls: number[];
  const note = () => calls.push(Date.now());

  beforeEach(() => {
    calls = [];
    vi.useFakeTimers({ now: NOON });
  });
  afterEach(() => vi.useRealTimers());

  test('tells the time', () => {
    expect(clock.now()).toBe(NOON);
  });

  test('wakes once, at the time and not before', () => {
    clock.wake(NOON + HOUR, note);
    vi.advanceTimersByTime(HOUR - 1);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(2 * HOUR);
    expect(calls).toEqual([NOON + HOUR]);
  });

  test.each([0, 1, HOUR])(
    'a time that passed %d milliseconds ago wakes at once, but after the caller',
    (ago) => {
      clock.wake(NOON - ago, note);
      expect(calls).toEqual([]);
      vi.advanceTimersByTime(1);
      expect(calls).toHaveLength(1);
    },
  );

  test('a wake in 25 days comes in 25 days, though no timer can wait so long', () => {
    clock.wake(NOON + 25 * 24 * HOUR, note);
    vi.advanceTimersByTime(25 * 24 * HOUR - 1);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(calls).toHaveLength(1);
  });

  test('when the clock is set back it does not wake early', () => {
    clock.wake(NOON + HOUR, note);
    vi.advanceTimersByTime(HOUR / 2);
    vi.setSystemTime(NOON);
    vi.advanceTimersByTime(HOUR - 1);
    expect(calls).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(calls).toHaveLength(1);
  });

  test('after the computer slept past the time it wakes within 10 seconds', () => {
    clock.wake(NOON + HOUR, note);
    vi.setSystemTime(NOON + 8 * HOUR);
    vi.advanceTimersByTime(10_001);
    expect(calls).toHaveLength(1);
  });

  test('what was called off never comes, and calling off twice or too late does nothing', () => {
    const callOff = clock.wake(NOON + HOUR, note);
    const soon = clock.wake(NOON, note);
    soon();
    vi.advanceTimersByTime(HOUR / 2);
    callOff();
    callOff();
    vi.advanceTimersByTime(HOUR);
    expect(calls).toEqual([]);
    const late = clock.wake(Date.now(), note);
    vi.advanceTimersByTime(1);
    late();
    expect(calls).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
