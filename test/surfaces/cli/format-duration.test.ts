import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative } from '../../../lib/surfaces/cli/format-duration.ts';

describe('duration', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [850, '850 ms'],
    [1000, '1 s'],
    [2540, '2.5 s'],
    [59_600, '1 min'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [3_605_000, '1 h'],
    [90_061_000, '1 d 1 h'],
    [40 * 86_400_000, '40 d'],
  ])('duration formats %i ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

it('relative gives the distance of a time from now', () => {
  expect(formatRelative(61_000, 0)).toBe('in 1 min 1 s');
  expect(formatRelative(0, 61_000)).toBe('1 min 1 s ago');
  expect(formatRelative(0, 0)).toBe('0 ms ago');
});
