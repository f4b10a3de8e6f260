import { describe, expect, it } from 'vitest';
import { logLine } from '../../lib/adapters/log-line.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const line = (fields: Record<string, unknown>) => JSON.parse(logLine(NOON, 'error', 'it failed', fields));

describe('logLine', () => {
  it('A line starts with timestamp, level, code and message', () => {
    expect(logLine(NOON, 'info', 'two\nlines', { uid: 'a', code: 'run-late' })).toBe(
      '{"timestamp":"2026-03-02T12:00:00.000Z","level":"INFO","code":"run-late","message":"two\\nlines","uid":"a"}',
    );
  });

  it('A text of more than 8 KB is cut, in the message and in each field', () => {
    const text = 'é'.repeat(5_000);
    const cut = `${'é'.repeat(4_094)}…`;
    const error = new Error(text);
    expect(JSON.parse(logLine(NOON, 'error', text, { list: [text], error }))).toMatchObject({
      message: cut,
      list: [cut],
      error: { message: cut, stack: expect.stringMatching(/^at /) },
    });
  });

  it('A stack is written without the message that precedes its frames', () => {
    const { stack } = new Error('x'.repeat(400_000));
    const written = line({ code: 'run-failed', stack });
    expect(written.stack).toMatch(/^at .*log-line\.test\.ts/);
    expect(line({ stack: 'Cloudtab' }).stack).toBe('Cloudtab');
  });

  it('A line of more than 200 KB keeps its code and the fields that fit, and names the others', () => {
    const list = Array(40).fill('x'.repeat(8_000));
    const text = logLine(NOON, 'error', 'it failed', { list, uid: 'a', code: 'run-failed' });
    expect(JSON.parse(text)).toEqual({
      timestamp: '2026-03-02T12:00:00.000Z',
      level: 'ERROR',
      code: 'run-failed',
      message: 'it failed',
      uid: 'a',
      omitted: ['list'],
    });
  });

  it.each([
    [
      'many long names',
      Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`${n}${'\u0001'.repeat(300)}`, 1])),
    ],
    ['many short fields', Object.fromEntries(Array.from({ length: 90_000 }, (_, n) => [`field${n}`, n]))],
    [
      'texts that JSON escapes',
      { a: '\u0001'.repeat(9_000), b: ['\u0001'.repeat(9_000)], c: 'x'.repeat(9_000) },
    ],
    ['an object that has its own JSON form', { bytes: Buffer.alloc(300_000) }],
  ])('A line with %s stays within 200 KB and starts with its code', (_, fields) => {
    const text = logLine(NOON, 'error', '\u0001'.repeat(9_000), { ...fields, code: 'run-failed' });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(200 * 1024);
    expect(Object.keys(JSON.parse(text)).slice(0, 4)).toEqual(['timestamp', 'level', 'code', 'message']);
  });

  it('Fields cannot override timestamp, level and message', () => {
    expect(line({ timestamp: 1, level: 'none', message: 'other' })).toEqual({
      timestamp: '2026-03-02T12:00:00.000Z',
      level: 'ERROR',
      message: 'it failed',
    });
  });

  it('An error is written with name, message, stack, cause and its own fields', () => {
    const cause = Object.assign(new Error('deeper'), { code: 'ECONNRESET' });
    expect(line({ error: new TypeError('broken', { cause }) }).error).toEqual({
      name: 'TypeError',
      message: 'broken',
      stack: expect.stringMatching(/^at /),
      cause: {
        name: 'Error',
        message: 'deeper',
        stack: expect.stringContaining('log-line.test.ts'),
        code: 'ECONNRESET',
      },
    });
  });

  it('Values that JSON lacks are written as text', () => {
    const loop: Record<string, unknown> = { list: [] };
    loop.list = [loop];
    const error = new Error('round');
    error.cause = error;
    expect(line({ big: 12n, when: new Date(NOON), loop, error, nothing: undefined })).toMatchObject({
      big: '12',
      when: '2026-03-02T12:00:00.000Z',
      loop: { list: ['[circular]'] },
      error: { message: 'round', cause: '[circular]' },
    });
  });

  it('An object in two fields is written twice', () => {
    const shared = { x: 1 };
    expect(line({ a: shared, b: [shared] })).toMatchObject({ a: { x: 1 }, b: [{ x: 1 }] });
  });
});
