// cspell:ignore Nlcjpw
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactingLogger, redactor } from '../../../lib/core/engine/redact.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';

describe('redactor', () => {
  it.each([
    [['hunter2'], 'the key is hunter2, hunter2!', 'the key is [secret], [secret]!'],
    [['abc', 'abcdef'], 'abcdef abc', '[secret] [secret]'],
    [['a.c'], 'abc a.c', 'abc [secret]'],
    [['a&b c'], 'x=a%26b%20c', 'x=[secret]'],
    [['a"b\nc'], '{"x":"a\\"b\\nc"}', '{"x":"[secret]"}'],
    [['user:pass'], 'Basic dXNlcjpwYXNz', 'Basic [secret]'],
    [['Bearer abcdefgh'], 'token abcdefgh', 'token [secret]'],
    [['two words'], 'only two of words', 'only two of words'],
    [['https://a.example/hook/123?key=45678'], 'no /hook/123 for key=45678', 'no [secret] for [secret]'],
    [['HTTPS://A.example/longer path'], 'at https://a.example/longer%20path', 'at [secret]'],
    [['$&'], 'cost $& more', 'cost [secret] more'],
    [['secret'], 'a secret', 'a [secret]'],
    [['\ud800'], 'plain', 'plain'],
    [[], 'plain', 'plain'],
    [[''], 'plain', 'plain'],
  ])('The redactor for %j turns "%s" into "%s"', (values, text, redacted) => {
    expect(redactor(values)(text)).toBe(redacted);
  });

  it('The redacted text contains no secret, wherever the secret was', () => {
    const secret = fc.string({ minLength: 1, unit: 'binary' }).filter((text) => !'[secret]'.includes(text));
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        // The text around the secret must not form a second copy of it.
        fc.pre(!`${before}[secret]${after}`.includes(value));
        expect(redactor([value])(`${before}${value}${after}`)).not.toContain(value);
      }),
    );
  });
});

describe('redactingLogger', () => {
  it('The logger redacts messages and fields of every level, at any depth, and the fields added by with', () => {
    const logger = new MemoryLogger();
    const clean = redactingLogger(logger, redactor(['hunter2']));
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
    redactingLogger(logger, redactor(['hunter2'])).error('failed', { error });
    const logged = logger.lines[0]?.fields.error;
    expect(logged).toBeInstanceOf(Error);
    expect(logged).toMatchObject({
      name: 'TypeError',
      message: 'no [secret]',
      cause: { message: '[secret] again' },
    });
    expect(logged).toHaveProperty('stack', expect.stringContaining('no [secret]'));
    expect(logged).toHaveProperty('stack', expect.not.stringContaining('hunter2'));
  });
});
