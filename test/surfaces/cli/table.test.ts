import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fitting, plain, table } from '../../../lib/surfaces/cli/table.ts';
import { terminalWidth } from '../../../lib/surfaces/cli/terminal.ts';

describe('table', () => {
  it('table makes a column as wide as its widest cell and ends no line with spaces', () => {
    const rows = [
      ['UID', 'NEXT', 'STATUS'],
      ['every-minute', 'in 5 s', ''],
    ];
    expect(table(rows)).toBe('UID           NEXT    STATUS\nevery-minute  in 5 s');
  });

  it('table breaks its last column between words when the rows are too wide', () => {
    const rows = [['label', 'one two three four five six'], ['x', 'y'], ['alone']];
    expect(table(rows, { width: 28 })).toBe('label  one two three four\n       five six\nx      y\nalone');
    expect(table(rows)).toBe('label  one two three four five six\nx      y\nalone');
    expect(table([[]], { width: 1 })).toBe('');
  });

  it('table prints the message below its row when there is no room beside it, and cuts no cell', () => {
    const rows = [
      ['STATUS', 'UID', 'MESSAGE'],
      ['✗ failing', 'every-minute', { text: 'The host did not answer at all', style: 'red' as const }],
      ['· new', 'b', ''],
    ];
    expect(stripVTControlCharacters(table(rows, { width: 26, head: true }))).toBe(
      'STATUS     UID\n✗ failing  every-minute\n  The host did not answer\n  at all\n· new      b',
    );
  });

  it('table omits empty columns and cuts the columns that may be cut before it breaks the rows up', () => {
    const rows = [
      ['UID', 'RUNNER', 'SKIPPED', 'NEXT', ''],
      ['every-minute', 'a-long-runner', '', 'in 3 min 30 s', ''],
    ];
    const options = { head: true, mayCut: ['RUNNER'] } as const;
    expect(table(rows, { ...options, width: 51 })).toContain('SKIPPED');
    expect(table(rows, { ...options, width: 50 })).toBe(
      'UID           RUNNER         NEXT\nevery-minute  a-long-runner  in 3 min 30 s',
    );
    expect(table(rows, { ...options, width: 35 })).toBe(
      'UID           RUNNER  NEXT\nevery-minute  a-lon…  in 3 min 30 s',
    );
  });

  it('table prints a block of lines for each row when a line is still too wide', () => {
    const rows = [
      ['STATUS', 'UID', 'MESSAGE'],
      ['✗ failing', 'a-cron-with-a-long-name', 'the host did not answer again'],
      ['· new', 'b', ''],
    ];
    expect(table(rows, { width: 32, head: true })).toBe(
      [
        'STATUS   ✗ failing',
        'UID      a-cron-with-a-long-name',
        'MESSAGE  the host did not answer',
        '         again',
        '',
        'STATUS  · new',
        'UID     b',
      ].join('\n'),
    );
    expect(table(rows.slice(1), { width: 20 })).toBe(
      '✗ failing\n  a-cron-with-a-long-name\n  the host did not\n  answer again\n· new\n  b',
    );
  });

  it('table moves the named column before the last one below its row with it, if only that makes the others fit', () => {
    const rows = [
      ['STATUS', 'CRON', 'ID', 'MESSAGE'],
      ['✗ failing', 'shop/backup', '1795856120-k28305-6bb20fc9-1707', 'the host did not answer'],
      ['✓ ok', 'shop/b', '1795856160', ''],
    ];
    const options = { head: true, mayMove: 'ID' } as const;
    expect(table(rows, { ...options, width: 48 })).toBe(
      [
        'STATUS     CRON',
        '✗ failing  shop/backup',
        '  1795856120-k28305-6bb20fc9-1707  the host did',
        '  not answer',
        '✓ ok       shop/b',
        '  1795856160',
      ].join('\n'),
    );
    expect(table(rows, { ...options, width: 20 })).toMatch(/^STATUS\n {2}✗ failing\nCRON\n/);
    expect(table(rows, { ...options, width: 60 })).toMatch(/^STATUS +CRON +ID\n/);
  });

  it('table measures cells in terminal columns, not in characters', () => {
    expect(
      table([
        ['日本', 'x'],
        ['👍🏽', 'x'],
        ['a', 'x'],
      ]),
    ).toBe('日本  x\n👍🏽    x\na     x');
    expect(
      table(
        [
          ['NAME', ''],
          ['日本語日本語', ''],
        ],
        { width: 9, head: true, mayCut: ['NAME'] },
      ),
    ).toBe('NAME\n日本語日…');
  });

  it('table removes control sequences from its cells', () => {
    expect(table([['\u001b[31m red\u001b[0m\u001b]0;title\u0007', 'two\nlines\u0085\u0000']])).toBe(
      ' red  two lines ',
    );
    expect(plain('a\r\n\tb')).toBe('a b');
  });
});

it('fitting breaks text at the width of a terminal', () => {
  expect(fitting('one two', { isTTY: true, columns: 4 })).toBe('one\ntwo');
  expect(fitting('one two', { columns: 4 })).toBe('one two');
});

it('terminalWidth returns a width only for a terminal', () => {
  expect(terminalWidth({ isTTY: true, columns: 80 })).toBe(80);
  expect(terminalWidth({ isTTY: true })).toBeUndefined();
  expect(terminalWidth({ columns: 80 })).toBeUndefined();
});
