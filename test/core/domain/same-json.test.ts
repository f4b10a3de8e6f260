import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { sameJson } from '../../../lib/core/domain/same-json.ts';

describe('sameJson', () => {
  it('The order of keys makes no difference', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(sameJson(value, reversed)).toBe(true);
      }),
    );
  });

  test.each([
    [1, '1'],
    [null, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
  ])('%j and %j differ', (one, other) => {
    expect(sameJson(one, other)).toBe(false);
    expect(sameJson(other, one)).toBe(false);
  });
});
