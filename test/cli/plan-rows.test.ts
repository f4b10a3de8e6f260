import { describe, expect, it } from 'vitest';
import { jsonShown, rowLines, visible } from '../../lib/cli/plan-rows.ts';

const rows = [
  ['url', '"https://example.com/one"', '→ "https://example.com/two"'],
  ['next run', 'never'],
] as const;

describe('the rows of a plan', () => {
  it('stand in one line each, however long, where there is no terminal', () => {
    expect(rowLines(rows)).toEqual([
      'url       "https://example.com/one" → "https://example.com/two"',
      'next run  never',
    ]);
  });

  it('have what stands after the change below what stood before when both are too wide for the terminal', () => {
    expect(rowLines(rows, 40)).toEqual([
      'url       "https://example.com/one"',
      '          → "https://example.com/two"',
      'next run  never',
    ]);
  });

  it('go on in the next line where the terminal ends, and nothing of them is cut', () => {
    expect(rowLines(rows, 30)).toEqual([
      'url       "https://example.com',
      '          /one"',
      '          → "https://example.c',
      '          om/two"',
      'next run  never',
    ]);
    expect(rowLines([['environ.of-a-long-name', '"😀😀😀😀😀😀😀😀😀"']], 16)).toEqual([
      'environ.of-a-lon',
      'g-name',
      '          "😀😀😀😀😀',
      '          😀😀😀😀"',
    ]);
  });
});

describe('a value in a plan', () => {
  it('shows what cannot be seen, and nothing in it moves the cursor', () => {
    expect(jsonShown({ a: 'x\u001b[31m\u009b\u200b\u00a0y z' })).toBe(
      '{"a":"x\\u001b[31m\\u009b\\u200b\\u00a0y z"}',
    );
    expect(visible('\u{e0041}')).toBe('\\udb40\\udc41');
  });

  it('is nothing when there is none', () => {
    expect(jsonShown(undefined)).toBe('nothing');
  });
});
