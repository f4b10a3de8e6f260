import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../lib/adapters/system-clock.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('systemClock', () => {
  test('now returns the current time', () => {
    expect(systemClock.now()).toBe(NOW);
  });

  test.each([1, 999, 10_000, 10_001, 3_600_000, 30 * 86_400_000])(
    'A wake after %i ms comes once and not early',
    (wait) => {
      const called = vi.fn();
      systemClock.wake(NOW + wait, called);
      vi.advanceTimersByTime(wait - 1);
      expect(called).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      vi.advanceTimersByTime(0);
      expect(called).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(wait);
      expect(called).toHaveBeenCalledTimes(1);
    },
  );

  test.each([0, -1000])('A wake %i ms from now comes at once, but after the caller returns', (wait) => {
    const called = vi.fn();
    systemClock.wake(NOW + wait, called);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(0);
    expect(called).toHaveBeenCalledTimes(1);
  });

  test('A cancelled wake does not come, and a second cancellation does nothing', () => {
    const called = vi.fn();
    const cancel = systemClock.wake(NOW + 60_000, called);
    vi.advanceTimersByTime(45_000);
    cancel();
    cancel();
    vi.advanceTimersByTime(60_000);
    expect(called).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('Thousands of wakes that are far away share one timer', () => {
    const called = vi.fn();
    const cancels = Array.from({ length: 1_000 }, (_, n) => systemClock.wake(NOW + 60_000 + n, called));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(60_000);
    expect(called).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(499);
    expect(called).toHaveBeenCalledTimes(500);
    for (const cancel of cancels) cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('A wake comes within ten seconds after the machine slept', () => {
    const called = vi.fn();
    systemClock.wake(NOW + 3_600_000, called);
    vi.setSystemTime(NOW + 7_200_000);
    vi.advanceTimersByTime(10_000);
    expect(called).toHaveBeenCalledTimes(1);
  });

  test('A period ends at the same moment although the clock was set back, and can be cancelled', () => {
    const [called, cancelled] = [vi.fn(), vi.fn()];
    systemClock.after(5000, called);
    systemClock.after(5000, cancelled)();
    vi.setSystemTime(NOW - 3_600_000);
    vi.advanceTimersByTime(4999);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(called).toHaveBeenCalledTimes(1);
    expect(cancelled).not.toHaveBeenCalled();
  });

  test('A wake does not come early after the clock was set back', () => {
    const called = vi.fn();
    systemClock.wake(NOW + 5000, called);
    vi.setSystemTime(NOW - 60_000);
    vi.advanceTimersByTime(64_999);
    expect(called).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(0);
    expect(called).toHaveBeenCalledTimes(1);
  });
});
