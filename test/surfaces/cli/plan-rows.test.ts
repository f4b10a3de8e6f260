import { describe, expect, it } from 'vitest';
import { jsonShown, rowLines, visible } from '../../../lib/surfaces/cli/plan-rows.ts';

const rows = [
  ['url', '"https://example.com/one"', '→ "https://example.com/two"'],
  ['next run', 'never'],
] as const;

describe('rowLines', () => {
  it('rowLines puts each row on one line, however long, when there is no width', () => {
    expect(rowLines(rows)).toEqual([
      'url       "https://example.com/one" → "https://example.com/two"',
      'next run  never',
    ]);
  });

  it('rowLines puts the new value below the old one when both are too wide for one line', () => {
    expect(rowLines(rows, 40)).toEqual([
      'url       "https://example.com/one"',
      '          → "https://example.com/two"',
      'next run  never',
    ]);
  });

  it('rowLines continues a row that is too wide on the next line and cuts nothing', () => {
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
      '          "😀😀',
      '          😀😀😀',
      '          😀😀😀',
      '          😀"',
    ]);
  });
});

describe('jsonShown', () => {
  it('jsonShown escapes invisible characters and those that control the terminal', () => {
    expect(jsonShown({ a: 'x\u001b[31m\u009b\u200b\u00a0y z' })).toBe(
      '{"a":"x\\u001b[31m\\u009b\\u200b\\u00a0y z"}',
    );
    expect(visible('\u{e0041}')).toBe('\\udb40\\udc41');
  });

  it('jsonShown writes "nothing" for an absent value', () => {
    expect(jsonShown(undefined)).toBe('nothing');
  });
});
