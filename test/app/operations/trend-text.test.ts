import { expect, it } from 'vitest';
import { shortTrendText, trendText } from '../../../lib/app/operations/trend-text.ts';
import type { Trend } from '../../../lib/core/domain/health.ts';

const NOW = Date.parse('2026-01-09T12:00:00Z');
const FINE: Trend = { runs: 20, failures: 0, failuresInRow: 0, isFlapping: false };

it.each<[Partial<Trend>, string | undefined]>([
  [{}, undefined],
  [{ failures: 2 }, '2 of the last 20 runs failed'],
  [{ failures: 9, failuresInRow: 1, isFlapping: true }, 'flapping: 9 of the last 20 runs failed'],
  [{ failures: 1, failuresInRow: 1 }, 'failing for one run'],
  [
    { failures: 3, failuresInRow: 3, failingSince: Date.parse('2026-01-09T02:00:27Z') },
    'failing for 3 runs since 03:00 CET',
  ],
  [
    { failures: 3, failuresInRow: 3, failingSince: Date.parse('2026-01-06T12:00:00Z') },
    'failing for 3 runs since Tue 13:00 CET',
  ],
  [
    { failures: 20, failuresInRow: 40, failingSince: Date.parse('2025-12-01T12:00:00Z') },
    'failing for 40 runs since 1 Dec 2025',
  ],
])('The last runs %o are described as: %s', (trend, text) => {
  expect(trendText({ ...FINE, ...trend }, NOW, 'Europe/Berlin')).toBe(text);
});

it.each<[Partial<Trend>, string | undefined]>([
  [{}, undefined],
  [{ failures: 2 }, '2 of 20 failed'],
  [{ failures: 3, failuresInRow: 1 }, '3 of 20 failed'],
  [{ failures: 9, failuresInRow: 2, isFlapping: true }, '9 of 20 failed'],
  [{ failures: 3, failuresInRow: 3 }, '3 failed in a row'],
])('In a list the last runs %o are described as: %s', (trend, text) => {
  expect(shortTrendText({ ...FINE, ...trend })).toBe(text);
});
