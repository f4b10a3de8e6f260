// cspell:ignore mfrom mtitle عربي خواهم
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { guard, styled, unguarded, visible, withStyles } from '../../../lib/surfaces/cli/terminal.ts';

/** A stream that keeps what is written. */
function streamOf(isTTY: boolean) {
  const written: string[] = [];
  const stream = { isTTY, write: (chunk: string) => written.push(String(chunk)) > 0 };
  return { stream: stream as NodeJS.WriteStream, written };
}

/** Styles are used in this test as on a terminal. */
function withColours(): void {
  const { FORCE_COLOR } = process.env;
  process.env.FORCE_COLOR = '1';
  onTestFinished(() => {
    if (FORCE_COLOR === undefined) delete process.env.FORCE_COLOR;
    else process.env.FORCE_COLOR = FORCE_COLOR;
  });
}

describe('visible', () => {
  it.each([
    ['two\nlines\tand a tab', 'two\nlines\tand a tab'],
    ['\u001b[2J\u0007\r', '\\u001b[2J\\u0007\\u000d'],
    ['\u009b31m', '\\u009b31m'],
    ['a\u202eb\u2066c\u2069', 'a\\u202eb\\u2066c\\u2069'],
    ['\u200e\u200f\u061c\u200b\ufeff\u00ad', '\\u200e\\u200f\\u061c\\u200b\\ufeff\\u00ad'],
    ['a\u200db', 'a\\u200db'],
    ['\u2028\u2029', '\\u2028\\u2029'],
    ['\u{e0041}', '\\udb40\\udc41'],
    ['naïve 日本語 عربي', 'naïve 日本語 عربي'],
    ['👨‍👩‍👧 می‌خواهم', '👨‍👩‍👧 می‌خواهم'],
  ])('%j is shown as "%s"', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('A text in JSON keeps its value', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false } as never), (json) => {
        expect(JSON.parse(visible(json))).toEqual(JSON.parse(json));
      }),
    );
  });
});

describe('guard', () => {
  it('A terminal shows styles of this program, and no control character of any other text', () => {
    withColours();
    const { stream, written } = streamOf(true);
    guard(stream);
    stream.write(`${styled('bold', 'title')} \u001b[1mfrom outside\u001b[0m \u202e`);
    expect(written).toEqual(['\u001b[1mtitle\u001b[22m \\u001b[1mfrom outside\\u001b[0m \\u202e']);
  });

  it('A style of this program cannot be copied from its output', () => {
    withColours();
    const { stream, written } = streamOf(true);
    guard(stream);
    stream.write(styled(['bold', 'red'], 'title'));
    stream.write(written[0] ?? '');
    expect(written[1]).toBe('\\u001b[1m\\u001b[31mtitle\\u001b[39m\\u001b[22m');
  });

  it('Data goes unchanged to what is no terminal, and messages for people do not', () => {
    withColours();
    const data = streamOf(false);
    guard(data.stream);
    data.stream.write(`${styled('bold', 'x')}\u202e`);
    data.stream.write(Buffer.from('bytes') as never);
    expect(data.written).toEqual(['\u001b[1mx\u001b[22m\u202e', 'bytes']);
    const people = streamOf(false);
    guard(people.stream, { isForPeople: true });
    people.stream.write('\u202e');
    expect(people.written).toEqual(['\\u202e']);
  });

  it('What moves the cursor passes the guard, and a stream without a guard is used as it is', () => {
    const { stream, written } = streamOf(true);
    expect(unguarded(stream)).toBe(stream);
    guard(stream);
    unguarded(stream).write('\r\u001b[K');
    expect(written).toEqual(['\r\u001b[K']);
    expect(unguarded(stream).isTTY).toBe(true);
  });
});

it('Styles survive a change of the text, and those from outside are no styles', () => {
  withColours();
  const { stream, written } = streamOf(true);
  guard(stream);
  const text = `${styled('bold', 'a b')} \u001b[31mc`;
  stream.write(withStyles(text, (shown) => shown.replace('a b', 'a\u001b[22m\n\u001b[1mb')));
  expect(written).toEqual(['\u001b[1ma\u001b[22m\n\u001b[1mb\u001b[22m \\u001b[31mc']);
});
