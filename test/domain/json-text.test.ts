import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import * as errors from '../../lib/domain/errors.ts';
import { kindOf, parseJson } from '../../lib/domain/json-text.ts';

function messageOf(call: () => unknown): string {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (error instanceof errors.InvalidError) return error.message;
    throw error;
  }
}

describe('Text that is not JSON is told', () => {
  const mend = 'Mend it there: keys and text stand in double quotes, and a comma stands between two entries.';
  const write = 'Write an object such as {"name": "heartbeat", "periodicity": "@hourly"}.';
  const bad = (place: string) => `something that is not JSON at ${place}`;
  test.each([
    ['', 'nothing', write],
    [' \n', 'nothing', write],
    ['name: x', bad('line 1, column 1'), mend],
    ['{"a": 1,\n  "b": 2,\n}', bad('line 3, column 1'), 'Take away the comma before it.'],
    ['{"a": [1, ]}', bad('line 1, column 11'), 'Take away the comma before it.'],
    ["{'a': 1}", bad('line 1, column 2'), 'Use double quotes.'],
    ['{"a": 1 // one\n}', bad('line 1, column 9'), 'Take away the comment: JSON has none.'],
    ['{"a": 1 # one\n}', bad('line 1, column 9'), 'Take away the comment: JSON has none.'],
    ['{"a": {"b": [1', 'an end at line 1, column 15', 'Close what is open: ] } } is missing.'],
    ['[1, 2, [], {}, x', bad('line 1, column 16'), mend],
    ['{"a": [', 'an end at line 1, column 8', 'Close what is open: ] } is missing.'],
    ['{"a": 1 "b": 2}', bad('line 1, column 9'), mend],
    ['{"a" 1}', bad('line 1, column 6'), mend],
    ['{"a": tru}', bad('line 1, column 7'), mend],
    ['{"a": }', bad('line 1, column 7'), mend],
    ['{"a": 01}', bad('line 1, column 8'), mend],
    ['{"a": "\n"}', bad('line 1, column 7'), mend],
    ['{"a": "\\x"}', bad('line 1, column 7'), mend],
    ['{1: 2}', bad('line 1, column 2'), mend],
    ['[1}', bad('line 1, column 3'), mend],
    ['5 x', bad('line 1, column 3'), mend],
    ['{} {}', bad('line 1, column 4'), mend],
    ['{"a": [], "b": {}, "c": [[]]', 'an end at line 1, column 29', 'Close what is open: } is missing.'],
  ])('%j', (text, got, cure) => {
    expect(messageOf(() => parseJson(text))).toBe(`value: got ${got}, wanted a JSON object. ${cure}`);
  });

  it('at the first place that no JSON could have', () => {
    // Whatever is cut off, the fault lies at the end, or in the text that the end cuts.
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, length) => {
        const cut = JSON.stringify({ json: JSON.parse(json) }).slice(0, -1 - (length % json.length));
        const message = messageOf(() => parseJson(cut));
        expect(message).toContain(' at line 1, column ');
        const column = Number(/column (\d+)/.exec(message)?.[1]);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(cut.length + 1);
      }),
    );
  });

  it('and JSON is read', () => {
    expect(parseJson('{"a": [1, "é\\u00e9", null]}')).toEqual({ a: [1, 'éé', null] });
  });

  test.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [[], 'a list'],
    ['', 'empty text'],
    ['x', 'text'],
    [{}, 'an object'],
    [1, 'a number'],
    [true, 'a boolean'],
  ])('a value such as %j has a kind: %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});
