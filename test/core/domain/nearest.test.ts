// cspell:ignore perodicity tiemzone nmae htpt haertbeat nigthly bcdefghijkl
import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../lib/core/domain/nearest.ts';

describe('nearest', () => {
  it.each([
    ['perodicity', 'periodicity'],
    ['readonly', 'readOnly'],
    ['tiemzone', 'timezone'],
    ['usr', 'user'],
    ['nmae', 'name'],
    ['names', 'name'],
    ['mane', undefined],
    ['name', 'name'],
    ['x', undefined],
    ['something', undefined],
  ])('The field name nearest to %s is %s', (word, suggestion) => {
    expect(nearest(word, ['name', 'user', 'timezone', 'readOnly', 'periodicity'])).toBe(suggestion);
  });

  it.each([
    ['htp', 'http'],
    ['htpt', 'http'],
    ['HTTP', 'http'],
    ['heart-beat', 'heartbeat'],
    ['haertbeat', 'heartbeat'],
    ['heartbeatings', 'heartbeat'],
    ['lambda', undefined],
    ['', undefined],
    ['x', undefined],
  ])('The runner nearest to "%s" is %s', (word, suggestion) => {
    expect(nearest(word, ['heartbeat', 'http'])).toBe(suggestion);
  });

  it('nearest chooses the name with the fewest differences, and the first of equals', () => {
    expect(nearest('backups', ['back', 'backup', 'backup2'])).toBe('backup');
  });

  it('nearest returns nothing when there are no names', () => {
    expect(nearest('http', [])).toBeUndefined();
  });
});

describe('didYouMean', () => {
  it('A word that is near a name suggests that name', () => {
    expect(didYouMean('nigthly', ['hourly', 'nightly'])).toBe('Did you mean "nightly"?');
    expect(didYouMean('nigthly', ['hourly', 'nightly'], 'Leave it out.')).toBe('Did you mean "nightly"?');
  });

  it('A word that is near no name gets the other advice, or else a list of at most ten names', () => {
    expect(didYouMean('weekly', ['nightly'], 'Leave it out.')).toBe('Leave it out.');
    expect(didYouMean('weekly', [])).toBe('It has none.');
    expect(didYouMean('weekly', ['nightly', 'b'])).toBe('It has: nightly, b.');
    const many = ['nightly', ...'bcdefghijkl'];
    expect(didYouMean('weekly', many)).toBe('It has: nightly, b, c, d, e, f, g, h, i, j, and 2 more.');
  });
});
