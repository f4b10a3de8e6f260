import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fitting, plain, table, terminalWidth } from '../../lib/cli/table.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, and no blanks at the end of a line', () => {
    const rows = [
      ['UID', 'NEXT', 'STATUS'],
      ['every-minute', 'in 5 s', ''],
    ];
    expect(table(rows)).toBe('UID           NEXT    STATUS\nevery-minute  in 5 s');
  });

  it('that is too wide breaks its last column between words', () => {
    const rows = [['label', 'one two three four five six'], ['x', 'y'], ['alone']];
    expect(table(rows, { width: 28 })).toBe('label  one two three four\n       five six\nx      y\nalone');
    expect(table(rows)).toBe('label  one two three four five six\nx      y\nalone');
    expect(table([[]], { width: 1 })).toBe('');
  });

  it('has its text below the row where there is no room beside it, and cuts no other cell', () => {
    const rows = [
      ['STATUS', 'UID', 'MESSAGE'],
      ['✗ failing', 'every-minute', { text: 'There was nobody to greet', style: 'red' as const }],
      ['· new', 'b', ''],
    ];
    expect(stripVTControlCharacters(table(rows, { width: 26, head: true }))).toBe(
      'STATUS     UID\n✗ failing  every-minute\n  There was nobody to\n  greet\n· new      b',
    );
  });

  it('leaves out columns that hold nothing, and cuts those that may be, before it breaks up', () => {
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

  it('becomes a block of lines for each row where even that is too wide', () => {
    const rows = [
      ['STATUS', 'UID', 'MESSAGE'],
      ['✗ failing', 'a-cron-with-a-long-name', 'nobody is here to be greeted'],
      ['· new', 'b', ''],
    ];
    expect(table(rows, { width: 32, head: true })).toBe(
      [
        'STATUS   ✗ failing',
        'UID      a-cron-with-a-long-name',
        'MESSAGE  nobody is here to be',
        '         greeted',
        '',
        'STATUS  · new',
        'UID     b',
      ].join('\n'),
    );
    expect(table(rows.slice(1), { width: 20 })).toBe(
      '✗ failing\n  a-cron-with-a-long-name\n  nobody is here to\n  be greeted\n· new\n  b',
    );
  });

  it('counts the columns that a terminal takes', () => {
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

  it('lets no cell steer the terminal', () => {
    expect(table([['\u001b[31mred\u001b[0m\u001b]0;title\u0007', 'two\nlines\u0085\u0000']])).toBe(
      'red  two lines ',
    );
    expect(plain('a\r\n\tb')).toBe('a b');
  });
});

it('text for people is broken where a terminal ends', () => {
  expect(fitting('one two', { isTTY: true, columns: 4 })).toBe('one\ntwo');
  expect(fitting('one two', { columns: 4 })).toBe('one two');
});

it('only a terminal has a width', () => {
  expect(terminalWidth({ isTTY: true, columns: 80 })).toBe(80);
  expect(terminalWidth({ isTTY: true })).toBeUndefined();
  expect(terminalWidth({ columns: 80 })).toBeUndefined();
});
