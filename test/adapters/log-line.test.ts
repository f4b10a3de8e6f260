import { describe, expect, it } from 'vitest';
import { logLine } from '../../lib/adapters/log-line.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
const line = (fields: Record<string, unknown>) => JSON.parse(logLine(NOON, 'ERROR', 'it failed', fields));

describe('logLine', () => {
  it('A line starts with timestamp, level and message', () => {
    expect(logLine(NOON, 'INFO', 'two\nlines', { uid: 'a' })).toBe(
      '{"timestamp":"2026-03-02T12:00:00.000Z","level":"INFO","message":"two\\nlines","uid":"a"}',
    );
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
      stack: expect.stringContaining('TypeError: broken\n'),
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
