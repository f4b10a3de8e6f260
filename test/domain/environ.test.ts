import { describe, expect, test } from 'vitest';
import { environProblems } from '../../lib/domain/environ.ts';
import { problemText } from '../../lib/domain/problem.ts';

describe('An environ', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each([
    [{}],
    [{ a: [1, 'x', null, true, { b: {} }] }],
    [{ token: { $secret: 'api.token_1-x' }, list: [{ $secret: 'b' }] }],
    [Object.assign(Object.create(null), { a: 1 })],
    [{ a: deep(14) }],
  ])('may be %j', (environ) => {
    expect(environProblems(environ)).toEqual([]);
  });

  const object = 'wanted a JSON object. Write an object, such as {"url": "https://…"}.';
  const known = 'wanted a value that JSON knows. Write text, a number, true, false or null.';
  const name =
    'wanted the name of a secret: 1 to 64 letters, digits, "_", "-" and "." (not as the first). Write the name under which the secret is kept, never the secret itself.';
  test.each([
    ['text', 'x', [`environ: got text, ${object}`]],
    ['a list', [], [`environ: got a list, ${object}`]],
    ['a date', new Date(0), [`environ: got an object, ${object}`]],
    ['a secret', { $secret: 'x' }, [`environ: got an object, ${object}`]],
    [
      'of what JSON lacks',
      { a: [Number.NaN, undefined], b: new Date(0) },
      [
        `environ.a.0: got a number, ${known}`,
        `environ.a.1: got nothing, ${known}`,
        `environ.b: got an object, ${known}`,
      ],
    ],
    [
      'with a secret itself',
      { a: { $secret: 'p4ss word' } },
      [`environ.a.$secret: got text that is no name, ${name}`],
    ],
    [
      'with a secret whose name begins with a dot',
      { a: { $secret: '.x' } },
      [`environ.a.$secret: got text that is no name, ${name}`],
    ],
    ['with a secret of no name', { a: { $secret: '' } }, [`environ.a.$secret: got empty text, ${name}`]],
    [
      'with a secret of another kind',
      { a: [{ $secret: 5, x: 1 }] },
      [
        `environ.a.0.$secret: got a number, ${name}`,
        'environ.a.0: got more keys beside "$secret", wanted {"$secret": "name"}. Leave "$secret" alone in its object.',
      ],
    ],
    [
      'with a reserved name',
      JSON.parse('{"a": {"__proto__": {}}}'),
      ['environ.a.__proto__: got a reserved name, wanted any other name. Rename it.'],
    ],
    [
      'too deep',
      { a: { b: { c: { d: deep(20) } } } },
      ['environ.a.b.c: got more levels, wanted at most 16 levels of lists and objects. Make it flatter.'],
    ],
  ])('may not be %s', (_, environ, expected) => {
    expect(environProblems(environ).map(problemText)).toEqual(expected);
  });
});
