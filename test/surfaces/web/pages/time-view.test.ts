import { describe, expect, it } from 'vitest';
import { clockText } from '../../../../lib/surfaces/web/pages/time-view.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');

describe('clockText', () => {
  it.each([
    ['2026-03-02T23:59:00Z', 'UTC', '23:59 UTC'],
    ['2026-03-02T23:00:00Z', 'Europe/Paris', 'Tue 3 Mar 00:00 CET'],
    ['2026-12-31T00:00:00Z', 'UTC', 'Thu 31 Dec 00:00 UTC'],
    ['2027-01-01T00:00:00Z', 'UTC', 'Fri 1 Jan 2027 00:00 UTC'],
    ['2026-03-02T00:30:00Z', 'Asia/Kolkata', '06:00 GMT+5:30'],
  ])('The clock time of %s in %s is written as "%s"', (time, timezone, text) => {
    expect(clockText(Date.parse(time), { now: NOW, timezone })).toBe(text);
  });
});
