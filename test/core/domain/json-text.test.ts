import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { kindOf, parseJson } from '../../../lib/core/domain/json-text.ts';

const problemOf = (text: string) => attempt(() => parseJson(text)).problems[0];

/** The line and the column that a problem names. */
const positionOf = (text: string) => problemOf(text)?.got.match(/\d+/g)?.map(Number);

const WRITE_IT = '';
const FIX_IT = 'name: x';
const COMMA = '{"a": 1,\n  "b": 2,\n}';
const COMMENT = '{"a": 1 // one\n}';

describe('parseJson', () => {
  test.each([
    [WRITE_IT, 'Write an object such as {"name": "heartbeat", "periodicity": "@hourly"}.', undefined],
    [
      FIX_IT,
      'Correct it there: keys and text need double quotes, and two entries need a comma between them.',
      [1, 1],
    ],
    [COMMA, 'Remove the comma before it.', [3, 1]],
    ['\uFEFF{}', 'Save the text as UTF-8 without a byte order mark.', [1, 1]],
    ["{'a': 1}", 'Use double quotes.', [1, 2]],
    [COMMENT, 'Remove the comment: JSON has no comments.', [1, 9]],
    ['{"a": {"b": [1', 'Close the open brackets: ] } } is missing.', [1, 15]],
  ])('The instruction for %j is: %s', (text, fix, position) => {
    expect(problemOf(text)).toMatchObject({ where: 'value', fix });
    expect(positionOf(text)).toEqual(position);
  });

  it('A byte order mark before the object is named', () => {
    expect(problemOf('\uFEFF{}')?.got).toBe('a byte order mark at line 1, column 1');
  });

  test.each([
    [' \n', WRITE_IT, undefined],
    ['{"a": [1, ]}', COMMA, [1, 11]],
    ['{"a": 1 # one\n}', COMMENT, [1, 9]],
    ['[1, 2, [], {}, x', FIX_IT, [1, 16]],
    ['{"a": 1 "b": 2}', FIX_IT, [1, 9]],
    ['{"a" 1}', FIX_IT, [1, 6]],
    ['{"a": tru}', FIX_IT, [1, 7]],
    ['{"a": }', FIX_IT, [1, 7]],
    ['{"a": 01}', FIX_IT, [1, 8]],
    ['{"a": "\n"}', FIX_IT, [1, 7]],
    ['{"a": "\\x"}', FIX_IT, [1, 7]],
    ['{1: 2}', FIX_IT, [1, 2]],
    ['[1}', FIX_IT, [1, 3]],
    ['5 x', FIX_IT, [1, 3]],
    ['{} {}', FIX_IT, [1, 4]],
  ])('The instruction for %j is the same as for %j', (text, other, position) => {
    expect(problemOf(text)).toMatchObject({ where: 'value', fix: problemOf(other)?.fix });
    expect(positionOf(text)).toEqual(position);
  });

  test.each([
    ['{"a": [', '] }', [1, 8]],
    ['{"a": [], "b": {}, "c": [[]]', '}', [1, 29]],
  ])('The instruction for %j names the missing %s', (text, missing, position) => {
    expect(
      problemOf(text)
        ?.fix.match(/[\]} ]*[\]}]/)?.[0]
        .trim(),
    ).toBe(missing);
    expect(positionOf(text)).toEqual(position);
  });

  it('The problem says whether the text is empty, malformed or cut off', () => {
    const gotOf = (text: string) => problemOf(text)?.got;
    expect(gotOf(' ')).toBe('nothing');
    expect(gotOf('{"a": x}')).toBe('something that is not JSON at line 1, column 7');
    expect(gotOf('{"a": 1')).toBe('an end at line 1, column 8');
    expect(problemOf('x')?.wanted).toBe('a JSON object');
  });

  it('The position of a problem lies within the text or at its end, wherever the text was cut', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, length) => {
        const cut = JSON.stringify({ json: JSON.parse(json) }).slice(0, -1 - (length % json.length));
        const [line, column] = positionOf(cut) ?? [];
        expect(line).toBe(1);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(cut.length + 1);
      }),
    );
  });

  it('parseJson returns the value of valid JSON', () => {
    expect(parseJson('{"a": [1, "é\\u00e9", null]}')).toEqual({ a: [1, 'éé', null] });
  });
});

describe('kindOf', () => {
  test.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [[], 'a list'],
    ['', 'empty text'],
    ['x', 'text'],
    [{}, 'an object'],
    [1, 'a number'],
    [true, 'a boolean'],
  ])('The kind of %j is %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});
