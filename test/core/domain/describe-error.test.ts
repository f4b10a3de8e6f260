import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeError, FIXED_WORDS } from '../../../lib/core/domain/describe-error.ts';
import { CloudtabError, StoppedError, TimeoutError } from '../../../lib/core/domain/errors.ts';

const refuse = () => {
  throw new Error('the hidden text');
};
const withCause = (message: string, cause: unknown) => new Error(message, { cause });

describe('describeError', () => {
  it.each([
    ['a text', 'no luck', 'no luck'],
    ['nothing', undefined, 'undefined'],
    ['an error without a message', new TypeError(), 'TypeError'],
    ['an error with causes', withCause('a', withCause('b', 'c')), 'a: b: c'],
    ['an error whose message is a sentence', withCause('It failed.', 'c.'), 'It failed: c.'],
    [
      'many causes',
      'abcdefgh'.split('').reduceRight<unknown>((cause, text) => withCause(text, cause), 'i'),
      'a: b: c: d: e: f',
    ],
  ])('%s is described as its message', (_, error, message) => {
    expect(describeError(error).message).toBe(message);
  });

  it('An error that causes itself is described once', () => {
    const error = new Error('round');
    error.cause = error;
    const inner = withCause('inner', undefined);
    const outer = withCause('outer', inner);
    inner.cause = outer;
    expect(describeError(error).message).toBe('round');
    expect(describeError(outer).message).toBe('outer: inner');
  });

  it('A defect has a stack, and an error of the program has none', () => {
    expect(describeError(new RangeError('far')).stack).toContain('describe-error.test.ts');
    expect(describeError(new CloudtabError('no'))).toEqual({ message: 'no' });
    expect(describeError(new TimeoutError('late'))).toEqual({ message: 'late', reason: 'timeout' });
    expect(describeError(new StoppedError('stop'))).toEqual({ message: 'stop', reason: 'stopped' });
  });

  it.each([
    ['without a prototype', Object.create(null)],
    ['whose text cannot be had', { toString: refuse }],
    ['whose message cannot be read', Object.defineProperty(new Error('x'), 'message', { get: refuse })],
    ['whose stack cannot be read', Object.defineProperty(new Error('x'), 'stack', { get: refuse })],
    ['whose cause cannot be read', Object.defineProperty(new Error('x'), 'cause', { get: refuse })],
    [
      'whose message is an object without a text',
      Object.assign(new Error('x'), { message: Object.create(null) }),
    ],
    ['whose class cannot be asked for', new Proxy({}, { getPrototypeOf: refuse })],
  ])('A value %s is described in fixed words', (_, error) => {
    expect(describeError(error)).toEqual({ message: FIXED_WORDS });
  });

  it('Anything that is thrown has a description', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), (error) => {
        expect(typeof describeError(error).message).toBe('string');
      }),
    );
  });
});
