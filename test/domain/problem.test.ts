import { describe, expect, it, test } from 'vitest';
import * as errors from '../../lib/domain/errors.ts';
import { nearest } from '../../lib/domain/nearest.ts';
import { prefixed, readable, shown } from '../../lib/domain/problem.ts';

describe('Words for problems', () => {
  it('show a value in a line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(shown(undefined)).toBe('nothing');
    expect(shown({ a: 1 })).toBe('{"a":1}');
    expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(56)}…`);
    expect(shown(() => 1)).toBe('a function');
    expect(shown(cyclic)).toBe('something that is not JSON');
  });

  it('say in which part of a whole they are', () => {
    const problem = { where: 'name', got: 'a', wanted: 'b', cure: 'C.' };
    const places = prefixed('crons.1', [problem, { ...problem, where: 'value' }]).map(({ where }) => where);
    expect(places).toEqual(['crons.1.name', 'crons.1']);
  });

  it('are no more, and no longer, than a record holds', () => {
    const problems = Array.from({ length: 26 }, () => ({
      where: 'x'.repeat(99),
      got: 'a',
      wanted: 'b',
      cure: 'C.',
    }));
    expect(readable(problems.slice(1))).toHaveLength(25);
    expect(readable(problems)[0]?.where).toHaveLength(58);
    expect(readable(problems)[25]?.got).toBe('1 more problem');
  });

  test.each([
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
  ])('find what was meant by %s: %s', (word, meant) => {
    expect(nearest(word, ['name', 'user', 'timezone', 'readOnly', 'periodicity'])).toBe(meant);
  });

  it('are all in the message of an error, which is one of a family', () => {
    const problem = { where: 'name', got: '1', wanted: 'text', cure: 'Write text.' };
    const invalid = new errors.InvalidError([problem, problem]);
    expect(invalid.message).toBe(
      'name: got 1, wanted text. Write text.\nname: got 1, wanted text. Write text.',
    );
    const others = [
      errors.NotFoundError,
      errors.UnavailableError,
      errors.ConfigurationError,
      errors.CloudtabError,
    ];
    const family = [invalid, ...others.map((Kind) => new Kind('it', { cause: problem }))];
    expect(
      family.every((error) => error instanceof errors.CloudtabError && error.name.endsWith('Error')),
    ).toBe(true);
    expect(new Set(family.map(({ name }) => name)).size).toBe(family.length);
  });

  it('are what an attempt gives instead of a value; a defect passes', () => {
    const problem = { where: 'name', got: '1', wanted: 'text', cure: 'Write text.' };
    const failing = (error: Error) => () => {
      throw error;
    };
    expect(errors.attempt(() => 5)).toEqual({ value: 5, problems: [] });
    expect(errors.attempt(failing(new errors.InvalidError([problem])))).toEqual({ problems: [problem] });
    expect(() => errors.attempt(failing(new Error('defect')))).toThrow('defect');
  });
});
