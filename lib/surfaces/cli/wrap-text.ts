/**
 * Breaks and truncates text to a width in terminal columns, of which an emoji or a Chinese character takes two.
 * `string-width` measures the text and `wrap-ansi` breaks it.
 */
import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';
import { withStyles } from './terminal.ts';

/** ASCII and the marks of tables, one column each. */
const NARROW = /^[ -~✓✗▸·–…]*$/;
/** Creating one takes as long as starting Node. */
let segmenter: Intl.Segmenter | undefined;

/**
 * The lines of the text, broken between words. A longer word gets a line of its own, so that users can copy an address.
 * Only a word of wide characters is broken, because such scripts have no blanks.
 */
export function wrapWords(text: string, width = Number.POSITIVE_INFINITY): string[] {
  const lines = withStyles(text, (shown) => wrapAnsi(shown, width)).split('\n');
  return lines.flatMap((line) => (hasWideCharacters(line) ? splitAtWidth(line, width) : [line]));
}

/** Breaks each line of the text that is wider than `width`; the new lines keep its indentation. */
export function wrapText(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const lines = text.split('\n').flatMap((line) => {
    if (textWidth(line) <= width) return [line];
    const blanks = /^ */.exec(line)?.[0] ?? '';
    return wrapWords(line.trimStart(), width - blanks.length).map((part) => `${blanks}${part}`);
  });
  return lines.join('\n');
}

export function textWidth(text: string): number {
  return NARROW.test(text) ? text.length : stringWidth(text);
}

/** The text itself, or as much of it as fits before an ellipsis. */
export function truncateToWidth(text: string, width: number): string {
  return textWidth(text) > width ? `${splitAtWidth(text, width - 1)[0]}…` : text;
}

/** The text in parts of at most `width` columns, broken between any two characters. */
export function splitAtWidth(text: string, width: number): string[] {
  const options = { hard: true, wordWrap: false, trim: false };
  return withStyles(text, (shown) => wrapAnsi(shown, width, options)).split('\n');
}

function hasWideCharacters(text: string): boolean {
  if (NARROW.test(text)) return false;
  segmenter ??= new Intl.Segmenter();
  return stringWidth(text) > [...segmenter.segment(text)].length;
}
