import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative } from '../../../lib/app/operations/format-duration.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('formatDuration', () => {
  it.each([
    [-5, '0 ms'],
    [0, '0 ms'],
    [850, '850 ms'],
    [999, '999 ms'],
    [1000, '1 s'],
    [2540, '2.5 s'],
    [9949, '9.9 s'],
    [59_000, '59 s'],
    [59_600, '1 min'],
    [61_000, '1 min 1 s'],
    [870_000, '14 min 30 s'],
    [7_200_000, '2 h'],
    [3_605_000, '1 h'],
    [86_400_000, '1 d'],
    [90_061_000, '1 d 1 h'],
    [40 * DAY, '40 d'],
  ])('formatDuration writes %i ms as "%s"', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('formatRelative', () => {
  it.each([
    [0, 'now'],
    [-999, 'now'],
    [SECOND, 'in 1 second'],
    [-59 * SECOND, '59 seconds ago'],
    [MINUTE, 'in 1 minute'],
    [-59 * MINUTE, '59 minutes ago'],
    [HOUR, 'in 1 hour'],
    [23 * HOUR, 'in 23 hours'],
    [47 * HOUR, 'in 1 day'],
    [-2 * DAY, '2 days ago'],
    [400 * DAY, 'in 400 days'],
  ])('formatRelative writes a time %i ms away as "%s"', (distance, text) => {
    expect(formatRelative(NOW + distance, NOW)).toBe(text);
  });
});
