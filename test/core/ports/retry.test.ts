import { describe, expect, it, vi } from 'vitest';
import { retry, retryUntilDefined } from '../../../lib/core/ports/retry.ts';
import { NOON } from '../../support/jobs.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

/** A clock on which each pause passes at once, and the pauses. */
function recordedPauses() {
  const clock = new VirtualClock(NOON);
  const pauses: number[] = [];
  const after = (milliseconds: number, callback: () => void) => {
    pauses.push(milliseconds);
    callback();
    return () => {};
  };
  return { pauses, clock: { now: () => clock.now(), wake: after, after } };
}

const failing = (times: number) => {
  const call = vi.fn<() => Promise<string>>().mockResolvedValue('done');
  for (let i = 0; i < times; i++) call.mockRejectedValueOnce(new Error(`failure ${i + 1}`));
  return call;
};

describe('retry', () => {
  it('retry returns the result of a first call that succeeds without a pause', async () => {
    const { clock, pauses } = recordedPauses();
    expect(await retry(clock, [10], failing(0), () => true)).toBe('done');
    expect(pauses).toEqual([]);
  });

  it('retry pauses for each delay in turn until a call succeeds', async () => {
    const { clock, pauses } = recordedPauses();
    expect(await retry(clock, [10, 20, 30], failing(2), () => true)).toBe('done');
    expect(pauses).toEqual([10, 20]);
  });

  it('retry throws the error of the last call', async () => {
    const { clock, pauses } = recordedPauses();
    const call = failing(9);
    await expect(retry(clock, [10, 20], call, () => true)).rejects.toThrow('failure 3');
    expect(call).toHaveBeenCalledTimes(3);
    expect(pauses).toEqual([10, 20]);
  });

  it('retry throws an error that is not retryable at once', async () => {
    const { clock, pauses } = recordedPauses();
    const call = failing(9);
    await expect(retry(clock, [10], call, () => false)).rejects.toThrow('failure 1');
    expect(call).toHaveBeenCalledTimes(1);
    expect(pauses).toEqual([]);
  });
});

describe('retryUntilDefined', () => {
  const answering = (...results: readonly (string | undefined)[]) => {
    const call = vi.fn<() => Promise<string | undefined>>();
    for (const result of results) call.mockResolvedValueOnce(result);
    return call;
  };

  it('retryUntilDefined pauses for each delay in turn until a call has a result', async () => {
    const { clock, pauses } = recordedPauses();
    const call = answering(undefined, undefined, 'done');
    expect(await retryUntilDefined(clock, [10, 20, 30], call)).toBe('done');
    expect(pauses).toEqual([10, 20]);
  });

  it('retryUntilDefined returns undefined when the last call has no result', async () => {
    const { clock, pauses } = recordedPauses();
    expect(await retryUntilDefined(clock, [10, 20], answering())).toBeUndefined();
    expect(pauses).toEqual([10, 20]);
  });

  it('retryUntilDefined throws the error of a call at once', async () => {
    const { clock, pauses } = recordedPauses();
    const call = vi.fn().mockRejectedValue(new Error('failure'));
    await expect(retryUntilDefined(clock, [10], call)).rejects.toThrow('failure');
    expect(pauses).toEqual([]);
  });
});
