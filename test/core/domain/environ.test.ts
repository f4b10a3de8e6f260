import { describe, expect, test } from 'vitest';
import { environProblems } from '../../../lib/core/domain/environ.ts';
import type { Problem } from '../../../lib/core/domain/problem.ts';

const NOT_AN_OBJECT = 'text';
const NOT_JSON = { a: undefined };
const NOT_A_NAME = { a: { $secret: 'p4ss word' } };

/** The parts of problems that do not depend on the path or the value. */
const rulesOf = (problems: readonly Problem[]) => problems.map(({ wanted, fix }) => ({ wanted, fix: fix }));

describe('environProblems', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each([
    [{}],
    [{ a: [1, 'x', null, true, { b: {} }] }],
    [{ token: { $secret: 'api.token_1-x' }, list: [{ $secret: 'b' }] }],
    [Object.assign(Object.create(null), { a: 1 })],
    [{ a: deep(14) }],
    [{ a: [0, -0.5, 1e-100, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER] }],
  ])('The environ %j is valid', (environ) => {
    expect(environProblems(environ)).toEqual([]);
  });

  test.each<[string, unknown, Problem]>([
    [
      'text',
      NOT_AN_OBJECT,
      {
        where: 'environ',
        got: 'text',
        wanted: 'a JSON object',
        fix: 'Write an object, such as {"url": "https://…"}.',
      },
    ],
    [
      'a value that JSON lacks',
      NOT_JSON,
      {
        where: 'environ.a',
        got: 'nothing',
        wanted: 'a JSON value',
        fix: 'Write text, a number, true, false or null.',
      },
    ],
    [
      'a secret instead of its name',
      NOT_A_NAME,
      {
        where: 'environ.a.$secret',
        got: 'text that is no name',
        wanted: 'the name of a secret: 1 to 64 letters, digits, "_", "-" and "." (not as the first)',
        fix: 'Write the name under which the secret is kept, never the secret itself.',
      },
    ],
    [
      'a second key beside $secret',
      { a: [{ $secret: 'x', more: 1 }] },
      {
        where: 'environ.a.0',
        got: 'more keys beside "$secret"',
        wanted: '{"$secret": "name"}',
        fix: 'Leave "$secret" alone in its object.',
      },
    ],
    [
      'a number that JavaScript rounds',
      { a: 12345678901234567000 },
      {
        where: 'environ.a',
        got: 'a number too large to be kept exactly',
        wanted: 'a number from 1e-100 to 9007199254740991, or 0',
        fix: 'Write it as text.',
      },
    ],
    [
      'a number that DynamoDB refuses',
      { a: [-5e-324] },
      {
        where: 'environ.a.0',
        got: 'a number too close to 0 to be kept exactly',
        wanted: 'a number from 1e-100 to 9007199254740991, or 0',
        fix: 'Write it as text.',
      },
    ],
    [
      'a reserved name',
      JSON.parse('{"a": {"__proto__": {}}}'),
      { where: 'environ.a.__proto__', got: 'a reserved name', wanted: 'any other name', fix: 'Rename it.' },
    ],
    [
      'more than 16 levels',
      { a: { b: { c: { d: deep(20) } } } },
      {
        where: 'environ.a.b.c',
        got: 'more levels',
        wanted: 'at most 16 levels of lists and objects',
        fix: 'Make it flatter.',
      },
    ],
  ])('environProblems rejects %s', (_, environ, problem) => {
    expect(environProblems(environ)).toEqual([problem]);
  });

  test.each([
    ['A list', [], NOT_AN_OBJECT, ['environ']],
    ['A date', new Date(0), NOT_AN_OBJECT, ['environ']],
    ['A secret reference', { $secret: 'x' }, NOT_AN_OBJECT, ['environ']],
    ['A number that is not finite', { a: { x: [Number.NaN] } }, NOT_JSON, ['environ.a.x.0']],
    ['A date inside an environ', { b: new Date(0) }, NOT_JSON, ['environ.b']],
    ['A secret name that begins with a dot', { a: { $secret: '.x' } }, NOT_A_NAME, ['environ.a.$secret']],
    ['An empty secret name', { a: { $secret: '' } }, NOT_A_NAME, ['environ.a.$secret']],
    ['A secret name that is a number', { a: [{ $secret: 5 }] }, NOT_A_NAME, ['environ.a.0.$secret']],
  ])('%s is rejected: %j', (_, environ, reference, places) => {
    const problems = environProblems(environ);
    expect(problems.map(({ where }) => where)).toEqual(places);
    expect(rulesOf(problems)).toEqual(rulesOf(environProblems(reference)));
  });

  test('environProblems reports every problem of an environ', () => {
    const problems = environProblems({
      a: [Number.NaN, undefined],
      b: new Date(0),
      c: { $secret: 5, x: 1 },
    });
    expect(problems.map(({ where }) => where)).toEqual([
      'environ.a.0',
      'environ.a.1',
      'environ.b',
      'environ.c.$secret',
      'environ.c',
    ]);
  });

  test('A problem names the kind of a value and never the value', () => {
    const gotOf = (environ: unknown) => environProblems(environ).map(({ got }) => got);
    expect(gotOf(new Date(0))).toEqual(['an object']);
    expect(gotOf({ a: [Number.NaN], b: { $secret: '' } })).toEqual(['a number', 'empty text']);
  });
});
