import { describe, expect, it } from 'vitest';
import { clockChanges, clockTime } from '../../../lib/core/domain/clock-changes.ts';
import { HOUR } from '../../support/jobs.ts';

const FORWARD = Date.parse('2027-03-28T01:00:00Z');
const BACK = Date.parse('2027-10-31T01:00:00Z');

describe('clockChanges', () => {
  it('clockChanges returns the changes of a year with the offsets before and after, earliest first', () => {
    const [from, to] = [Date.parse('2027-01-01T00:00:00Z'), Date.parse('2028-01-01T00:00:00Z')];
    expect(clockChanges('Europe/Paris', from, to)).toEqual([
      { time: FORWARD, before: HOUR, after: 2 * HOUR },
      { time: BACK, before: 2 * HOUR, after: HOUR },
    ]);
    expect(clockChanges('UTC', from, to)).toEqual([]);
  });

  it('clockChanges includes a change at the start of the period and excludes one at its end', () => {
    expect(clockChanges('Europe/Paris', FORWARD, FORWARD + 1)).toHaveLength(1);
    expect(clockChanges('Europe/Paris', FORWARD - HOUR, FORWARD)).toEqual([]);
  });
});

it('clockTime writes a local time as the clock shows it', () => {
  expect([clockTime(FORWARD + HOUR), clockTime(FORWARD + 2 * HOUR)]).toEqual(['02:00', '03:00']);
});
