/**
 * Text that fits a width: broken between words, or cut. Widths are columns of a terminal: an emoji and a Chinese
 * character take two.
 */
import stringWidth from 'string-width';

/** How many columns the text takes; what steers a terminal takes none. */
export const widthOf: (text: string) => number = stringWidth;

const graphemes = new Intl.Segmenter();

/**
 * The text in lines of that width, broken between words. A longer word has a line of its own, so that an address can
 * still be copied; one of wide characters is broken, as they are written without blanks.
 */
export function wrapWords(text: string, width = Number.POSITIVE_INFINITY): string[] {
  const lines = [''];
  for (const word of text.split(' ').flatMap((one) => pieces(one, width))) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (widthOf(line) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Each line of the text that is wider than that in several, which begin with its own blanks. */
export function wrapText(text: string, width: number | undefined): string {
  if (width === undefined) return text;
  const lines = text.split('\n').flatMap((line) => {
    if (widthOf(line) <= width) return [line];
    const blanks = /^ */.exec(line)?.[0] ?? '';
    return wrapWords(line.trimStart(), width - blanks.length).map((part) => `${blanks}${part}`);
  });
  return lines.join('\n');
}

/** The text, or its beginning and `…`. */
export function truncateToWidth(text: string, width: number): string {
  return widthOf(text) > width ? `${beginning(text, width - 1)}…` : text;
}

function pieces(word: string, width: number): string[] {
  const found: string[] = [];
  let rest = word;
  while (widthOf(rest) > width && widthOf(rest) > [...graphemes.segment(rest)].length) {
    const piece = beginning(rest, width);
    found.push(piece);
    rest = rest.slice(piece.length);
  }
  return rest === '' && found.length > 0 ? found : [...found, rest];
}

/** As many characters as fit, but one at least. */
function beginning(text: string, width: number): string {
  let [taken, kept] = [0, ''];
  for (const { segment } of graphemes.segment(text)) {
    taken += widthOf(segment);
    if (taken > width && kept !== '') break;
    kept += segment;
  }
  return kept;
}
