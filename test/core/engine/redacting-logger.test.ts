import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactingLogger } from '../../../lib/core/engine/redacting-logger.ts';
import { Redactor } from '../../../lib/core/engine/redactor.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';

const { redact } = bound(new Redactor(['hunter2', '12345678']));

function bound(redactor: Redactor) {
  return { redact: (text: string) => redactor.redact(text) };
}

describe('redactingLogger', () => {
  it('The logger redacts messages and fields of every level, at any depth, and the fields added by with', () => {
    const logger = new MemoryLogger();
    const clean = redactingLogger(logger, redact);
    const fields = { a: ['hunter2', 1, null], b: { c: 'is hunter2' }, d: true };
    clean.debug('1 hunter2', fields);
    clean.info('2 hunter2', fields);
    clean.warn('3 hunter2', fields);
    clean.error('4 hunter2', fields);
    clean.with({ site: 'hunter2' }).info('5 hunter2');
    const cleaned = { a: ['[secret]', 1, null], b: { c: 'is [secret]' }, d: true };
    expect(logger.lines).toEqual([
      { level: 'debug', message: '1 [secret]', fields: cleaned },
      { level: 'info', message: '2 [secret]', fields: cleaned },
      { level: 'warn', message: '3 [secret]', fields: cleaned },
      { level: 'error', message: '4 [secret]', fields: cleaned },
      { level: 'info', message: '5 [secret]', fields: { site: '[secret]' } },
    ]);
  });

  it('The logger redacts the message, the stack and the cause of an error', () => {
    const logger = new MemoryLogger();
    const error = new TypeError('no hunter2', { cause: new Error('hunter2 again') });
    redactingLogger(logger, redact).error('failed', { error });
    expect(logger.lines[0]?.fields.error).toEqual({
      name: 'TypeError',
      message: 'no [secret]',
      stack: expect.stringMatching(/^at /),
      cause: { name: 'Error', message: '[secret] again', stack: expect.stringMatching(/^at /) },
    });
  });

  it('The logger redacts names of fields, numbers, and objects with a JSON form of their own', () => {
    const logger = new MemoryLogger();
    const fields = {
      hunter2: 12345678,
      link: new URL('https://x.example/hunter2'),
      bytes: Buffer.from('hunter2'),
    };
    redactingLogger(logger, redact).info('x', fields);
    expect(logger.lines[0]?.fields).toEqual({
      '[secret]': '[secret]',
      link: 'https://x.example/[secret]',
      bytes: '[7 bytes]',
    });
  });

  it('The logger never throws, whatever it is given', () => {
    const logger = new MemoryLogger();
    const clean = redactingLogger(logger, redact);
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), hostilePlace, (any, place) => {
        const value = [any, hostileValues[place]];
        clean.error(hostileValues[place] as string);
        clean.with({ value }).error(any as string, { value, nested: [{ value }] });
        expect(() => JSON.stringify(logger.lines.at(-1))).not.toThrow();
      }),
    );
  });
});

const circular: { self?: unknown } = {};
circular.self = circular;
const deep = Array.from({ length: 100_000 }).reduce<unknown>((inner) => [inner], 'hunter2');
const refuse = () => {
  throw new Error('hunter2');
};
/** Throws whatever is done with it. */
const closed = new Proxy({}, { get: refuse, getPrototypeOf: refuse, ownKeys: refuse, has: refuse });

const hostileValues: readonly unknown[] = [
  circular,
  deep,
  closed,
  Object.create(null),
  Object.defineProperty({}, 'field', { enumerable: true, get: refuse }),
  Object.defineProperty(new Error('x'), 'message', { get: refuse }),
  { toJSON: refuse },
  { toString: refuse },
  () => 'hunter2',
  Symbol('hunter2'),
];
/** By its place: the library looks at a value. */
const hostilePlace = fc.nat(hostileValues.length - 1);
