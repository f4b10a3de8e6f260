import { describe, expect, it } from 'vitest';
import { nearest } from '../../lib/runners/nearest.ts';

describe('nearest', () => {
  it.each([
    ['htp', 'http'],
    ['HTTP', 'http'],
    ['heart-beat', 'heartbeat'],
    ['haertbeat', 'heartbeat'],
    ['lambda', undefined],
    ['', undefined],
    ['x', undefined],
  ])('The name nearest to "%s" is %s', (typed, suggestion) => {
    expect(nearest(typed, ['heartbeat', 'http'])).toBe(suggestion);
  });

  it('nearest chooses the name with the fewest differences', () => {
    expect(nearest('backups', ['back', 'backup', 'backup2'])).toBe('backup');
  });

  it('nearest returns nothing when there are no names', () => {
    expect(nearest('http', [])).toBeUndefined();
  });
});
