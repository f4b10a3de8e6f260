import { describe, expect, it } from 'vitest';
import { folded, plain, table, terminalWidth } from '../../lib/cli/table.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, and no blanks at the end of a line', () => {
    const rows = [
      ['UID', 'NEXT', 'STATUS'],
      ['every-minute', 'in 5 s', ''],
    ];
    expect(table(rows)).toBe('UID           NEXT    STATUS\nevery-minute  in 5 s');
  });

  it('takes no more than the width: the last column gives way first, then the widest', () => {
    const rows = [['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(10)]];
    expect(table(rows, { width: 34 })).toBe('aaaaaaaaaa  bbbbbbbbbb  cccccccccc');
    expect(table(rows, { width: 31 })).toBe('aaaaaaaaaa  bbbbbbbbbb  cccccc…');
    expect(table(rows, { width: 27 })).toBe('aaaaaaaa…  bbbbbbb…  ccccc…');
    expect(table(rows, { width: 3 })).toBe('aaaaa…  bbbbb…  ccccc…');
    expect(table([['a'.repeat(10), 'c']], { width: 11 })).toBe('aaaaaaa…  c');
  });

  it('breaks the last column between words when it is told so', () => {
    expect(
      table(
        [
          ['label', 'one two three four'],
          ['x', 'y'],
        ],
        { width: 20, fold: true },
      ),
    ).toBe('label  one two three\n       four\nx      y');
    expect(table([['label', 'one two']], { fold: true })).toBe('label  one two');
    expect(table([[]], { width: 9, fold: true })).toBe('');
  });

  it('lets no cell steer the terminal', () => {
    expect(table([['\u001b[31mred\u001b[0m\u001b]0;title\u0007', 'two\nlines\u0085\u0000']])).toBe(
      'red  two lines ',
    );
    expect(plain('a\r\n\tb')).toBe('a b');
  });
});

it('a longer word has a line of its own', () => {
  expect(folded('a looooong b', 4)).toEqual(['a', 'looooong', 'b']);
  expect(folded('as wide as need be')).toEqual(['as wide as need be']);
});

it('only a terminal has a width', () => {
  expect(terminalWidth({ isTTY: true, columns: 80 })).toBe(80);
  expect(terminalWidth({ isTTY: true })).toBeUndefined();
  expect(terminalWidth({ columns: 80 })).toBeUndefined();
});
