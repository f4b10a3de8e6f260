import { describe, expect, it } from 'vitest';
import {
  clockText,
  durationText,
  fullText,
  lengthText,
  relativeText,
} from '../../../../lib/surfaces/web/pages/time-view.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe('relativeText', () => {
  it.each([
    [0, 'now'],
    [-999, 'now'],
    [SECOND, 'in 1 s'],
    [-59 * SECOND, '59 s ago'],
    [MINUTE, 'in 1 min'],
    [-59 * MINUTE, '59 min ago'],
    [HOUR, 'in 1 h'],
    [47 * HOUR, 'in 47 h'],
    [-2 * DAY, '2 days ago'],
    [400 * DAY, 'in 400 days'],
  ])('A time %i ms away is written as "%s"', (distance, text) => {
    expect(relativeText(NOW + distance, NOW)).toBe(text);
  });
});

describe('clockText and fullText', () => {
  it.each([
    ['2026-03-02T23:59:00Z', 'UTC', '23:59'],
    ['2026-03-02T23:00:00Z', 'Europe/Paris', 'Tue 3 Mar 00:00'],
    ['2026-12-31T00:00:00Z', 'UTC', 'Thu 31 Dec 00:00'],
    ['2027-01-01T00:00:00Z', 'UTC', 'Fri 1 Jan 2027 00:00'],
    ['2026-03-02T00:30:00Z', 'Asia/Kolkata', '06:00'],
  ])('The clock time of %s in %s is written as "%s"', (time, timezone, text) => {
    expect(clockText(Date.parse(time), { now: NOW, timezone })).toBe(text);
  });

  it('The full time names its time zone', () => {
    expect(fullText(NOW, 'Asia/Tokyo')).toBe('Mon 2 Mar 2026, 21:00 Asia/Tokyo');
  });
});

describe('durationText and lengthText', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [1000, '1.0 s'],
    [9949, '9.9 s'],
    [59_000, '59 s'],
    [60_000, '1 min 0 s'],
    [870_000, '14 min 30 s'],
  ])('A duration of %i ms is written as "%s"', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it.each([
    [1, '1 s'],
    [90, '90 s'],
    [300, '5 min'],
    [7200, '2 h'],
    [86_400, '1 day'],
    [172_800, '2 days'],
  ])('A setting of %i s is written as "%s"', (seconds, text) => {
    expect(lengthText(seconds)).toBe(text);
  });
});
