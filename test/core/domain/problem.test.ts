import { describe, expect, it } from 'vitest';
import * as errors from '../../../lib/core/domain/errors.ts';
import { formatValue, limitProblems, prefixProblems } from '../../../lib/core/domain/problem.ts';

const PROBLEM = { where: 'name', got: '1', wanted: 'text', fix: 'Write text.' };

describe('problems', () => {
  it('shown renders any value as text that fits one line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(formatValue(undefined)).toBe('nothing');
    expect(formatValue({ a: 1 })).toBe('{"a":1}');
    expect(formatValue('x'.repeat(100))).toBe(`"${'x'.repeat(58)}…`);
    expect(formatValue(() => 1)).toBe('a function');
    expect(formatValue(cyclic)).toBe('something that is not JSON');
  });

  it('prefixed puts the path of the part before the path of the problem', () => {
    const problems = prefixProblems('crons.1', [PROBLEM, { ...PROBLEM, where: 'value' }]);
    expect(problems.map(({ where }) => where)).toEqual(['crons.1.name', 'crons.1']);
  });

  it('limitProblems keeps at most 25 problems, shortens their paths and counts the others', () => {
    const problems = Array.from({ length: 27 }, () => ({ ...PROBLEM, where: 'x'.repeat(99) }));
    expect(limitProblems(problems.slice(2))).toHaveLength(25);
    expect(limitProblems(problems)).toHaveLength(26);
    expect(limitProblems(problems)[0]?.where).toHaveLength(60);
    expect(limitProblems(problems)[25]).toEqual({
      where: 'value',
      got: '2 more problems',
      wanted: 'none',
      fix: 'Fix these first.',
    });
    expect(limitProblems(problems.slice(1))[25]?.got).toBe('1 more problem');
  });
});

describe('errors', () => {
  it('An InvalidError lists all its problems in its message', () => {
    const { message } = new errors.InvalidError([PROBLEM, PROBLEM]);
    expect(message).toBe('name: got 1, wanted text. Write text.\nname: got 1, wanted text. Write text.');
  });

  const FAMILY: readonly (readonly [errors.CloudtabError, code: string, httpStatus: number])[] = [
    [new errors.CloudtabError('it'), 'failed', 500],
    [new errors.InvalidError([PROBLEM]), 'invalid', 422],
    [new errors.PeriodError('it'), 'invalid-period', 500],
    [new errors.ForbiddenError('it'), 'forbidden', 403],
    [new errors.NotFoundError('it'), 'not-found', 404],
    [new errors.ConflictError('it'), 'conflict', 409],
    [new errors.ReadOnlyError('site'), 'read-only', 409],
    [new errors.AlreadyExistsError('site', 'uid'), 'already-exists', 409],
    [new errors.VersionConflictError('it', 'tag', []), 'version-conflict', 412],
    [new errors.TimeoutError('it'), 'timeout', 500],
    [new errors.StoppedError('it'), 'stopped', 500],
    [new errors.UnavailableError('it'), 'unavailable', 503],
    [new errors.ThrottledError('it'), 'throttled', 429],
    [new errors.UnreadableError('site', 'uid', 'it has no name'), 'unreadable', 500],
    [new errors.ConfigurationError('it'), 'configuration', 500],
  ];

  it.each(FAMILY)(
    '%s is reported as %s, with HTTP status %i, and exits with 2 if an input is wrong',
    (error, code, httpStatus) => {
      const exitCode = code.startsWith('invalid') ? 2 : 1;
      expect(errors.errorReport(error)).toEqual({ code, httpStatus, exitCode });
    },
  );

  it('Every error class extends CloudtabError, and has its own name and code', () => {
    const classes = Object.values(errors).filter((value) => String(value).startsWith('class '));
    expect(new Set(FAMILY.map(([error]) => error.constructor))).toEqual(new Set(classes));
    expect(FAMILY.every(([error]) => error instanceof errors.CloudtabError)).toBe(true);
    expect(FAMILY.map(([error]) => error.name)).toEqual(FAMILY.map(([error]) => error.constructor.name));
    expect(new Set(FAMILY.map(([, code]) => code)).size).toBe(FAMILY.length);
  });

  it('A CloudtabError that adds text to another error of the family is reported as that error', () => {
    const cause = new errors.ReadOnlyError('site');
    expect(errors.errorReport(new errors.CloudtabError('it', { cause })).code).toBe('read-only');
    expect(errors.errorReport(new errors.CloudtabError('it', { cause: new Error('it') })).code).toBe(
      'failed',
    );
  });

  it('An error of a class without a row of its own is reported as a plain CloudtabError', () => {
    class HttpError extends errors.CloudtabError {
      override readonly name = 'HttpError';
    }
    expect(errors.errorReport(new HttpError('it')).code).toBe('failed');
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
