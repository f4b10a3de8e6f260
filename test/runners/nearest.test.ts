import { expect, it } from 'vitest';
import { nearest } from '../../lib/runners/nearest.ts';

it.each([
  ['htp', 'http'],
  ['HTTP', 'http'],
  ['heart-beat', 'heartbeat'],
  ['haertbeat', 'heartbeat'],
  ['lambda', undefined],
  ['', undefined],
  ['x', undefined],
])('"%s" means %s', (typed, meant) => {
  expect(nearest(typed, ['heartbeat', 'http'])).toBe(meant);
});

it('takes the nearest of several', () => {
  expect(nearest('backups', ['back', 'backup', 'backup2'])).toBe('backup');
});

it('means nothing when there is nothing to mean', () => {
  expect(nearest('http', [])).toBeUndefined();
});
