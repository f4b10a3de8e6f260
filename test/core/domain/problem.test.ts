import { describe, expect, it, test } from 'vitest';
import * as errors from '../../../lib/core/domain/errors.ts';
import { nearest } from '../../../lib/core/domain/nearest.ts';
import { formatValue, limitProblems, prefixProblems } from '../../../lib/core/domain/problem.ts';

const PROBLEM = { where: 'name', got: '1', wanted: 'text', fix: 'Write text.' };

describe('problems', () => {
  it('shown renders any value as text that fits one line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(formatValue(undefined)).toBe('nothing');
    expect(formatValue({ a: 1 })).toBe('{"a":1}');
    expect(formatValue('x'.repeat(100))).toBe(`"${'x'.repeat(56)}…`);
    expect(formatValue(() => 1)).toBe('a function');
    expect(formatValue(cyclic)).toBe('something that is not JSON');
  });

  it('prefixed puts the path of the part before the path of the problem', () => {
    const problems = prefixProblems('crons.1', [PROBLEM, { ...PROBLEM, where: 'value' }]);
    expect(problems.map(({ where }) => where)).toEqual(['crons.1.name', 'crons.1']);
  });

  it('readable keeps at most 25 problems, shortens their paths and counts the others', () => {
    const problems = Array.from({ length: 27 }, () => ({ ...PROBLEM, where: 'x'.repeat(99) }));
    expect(limitProblems(problems.slice(2))).toHaveLength(25);
    expect(limitProblems(problems)).toHaveLength(26);
    expect(limitProblems(problems)[0]?.where).toHaveLength(58);
    expect(limitProblems(problems)[25]).toEqual({
      where: 'value',
      got: '2 more problems',
      wanted: 'none',
      fix: 'Mend these first.',
    });
    expect(limitProblems(problems.slice(1))[25]?.got).toBe('1 more problem');
  });
});

describe('nearest', () => {
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
  ])('The field name nearest to %s is %s', (word, suggestion) => {
    expect(nearest(word, ['name', 'user', 'timezone', 'readOnly', 'periodicity'])).toBe(suggestion);
  });
});

describe('errors', () => {
  it('An InvalidError lists all its problems in its message', () => {
    const { message } = new errors.InvalidError([PROBLEM, PROBLEM]);
    expect(message).toBe('name: got 1, wanted text. Write text.\nname: got 1, wanted text. Write text.');
  });

  it('Every error class extends CloudtabError and has a name of its own', () => {
    const { NotFoundError, UnavailableError, ConfigurationError, CloudtabError } = errors;
    const others = [NotFoundError, UnavailableError, ConfigurationError, CloudtabError];
    const family = [
      new errors.InvalidError([PROBLEM]),
      ...others.map((Kind) => new Kind('it', { cause: PROBLEM })),
    ];
    expect(family.every((error) => error instanceof CloudtabError && error.name.endsWith('Error'))).toBe(
      true,
    );
    expect(new Set(family.map(({ name }) => name)).size).toBe(family.length);
  });

  it('attempt returns the value or the problems, and rethrows any other error', () => {
    const failing = (error: Error) => () => {
      throw error;
    };
    expect(errors.attempt(() => 5)).toEqual({ value: 5, problems: [] });
    expect(errors.attempt(failing(new errors.InvalidError([PROBLEM])))).toEqual({ problems: [PROBLEM] });
    expect(() => errors.attempt(failing(new Error('defect')))).toThrow('defect');
  });
});
