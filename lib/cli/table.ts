/**
 * Tables for terminals: as wide as their cells, but no wider than the terminal; then the last column gives way,
 * and the widest ones after it. What
 * is printed comes from people and programs, so nothing in a cell can move the cursor or change a colour.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Text, or text in a style: colours are for terminals alone, and NO_COLOR is heard. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** What is shown of a cell. */
type Shown = Exclude<Cell, string>;

export interface TableOptions {
  /** In characters; absent: as wide as need be. */
  readonly width?: number | undefined;
  /** Breaks the last column into lines between words instead of cutting it. */
  readonly fold?: true;
}

const GAP = 2;
/** No column is cut to less. */
const LEAST = 6;

/** Rows of cells under each other, without blanks at the end of a line. */
export function table(rows: readonly (readonly Cell[])[], { width, fold }: TableOptions = {}): string {
  const whole = rows.map((row) => row.map(cleaned));
  const clean = fold && width !== undefined ? whole.flatMap((row) => foldedRow(row, whole, width)) : whole;
  const widths = fitted(naturalWidths(clean), width);
  const line = (row: readonly Shown[]) => {
    const last = row.findLastIndex(({ text }) => text !== '');
    return row
      .slice(0, last + 1)
      .map(({ text, style }, column) => {
        const shown = cut(text, widths[column] ?? 0);
        const blanks = column < last ? ' '.repeat((widths[column] ?? 0) - shown.length) : '';
        return `${shown === '' ? '' : styled(style, shown)}${blanks}`;
      })
      .join(' '.repeat(GAP));
  };
  return clean.map(line).join('\n');
}

/** The width of the terminal that results go to; nothing when they go elsewhere. */
export function terminalWidth(
  stream: { isTTY?: boolean; columns?: number } = process.stdout,
): number | undefined {
  return stream.isTTY && stream.columns ? stream.columns : undefined;
}

/** The text in that style, where there is a terminal that shows it. */
export function styled(style: Style, text: string): string {
  return style.length === 0 ? text : styleText(style, text);
}

/** On one line, without what a terminal would obey. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' ');
}

function cleaned(cell: Cell): Shown {
  return typeof cell === 'string' ? { text: plain(cell), style: [] } : { ...cell, text: plain(cell.text) };
}

function naturalWidths(rows: readonly (readonly Shown[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return widths;
}

/** The row as several, so that its last cell has room behind the others. */
function foldedRow(row: readonly Shown[], rows: readonly (readonly Shown[])[], width: number): Shown[][] {
  const before = row.slice(0, -1);
  const last = row.at(-1) ?? { text: '', style: [] };
  const taken = naturalWidths(rows).slice(0, before.length);
  const room = width - taken.reduce((sum, one) => sum + one + GAP, 0);
  const blank = before.map((): Shown => ({ text: '', style: [] }));
  return folded(last.text, Math.max(room, LEAST)).map((text, index) => [
    ...(index === 0 ? before : blank),
    { ...last, text },
  ]);
}

/** The text in lines of that width, broken between words; a longer word has a line of its own. */
export function folded(text: string, width = Number.POSITIVE_INFINITY): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line === '') lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The last column gives way first: what is most worth copying stands before it. Then the widest one does. */
function fitted(widths: readonly number[], width: number | undefined): number[] {
  const fitting = [...widths];
  if (width === undefined) return fitting;
  const room = width - GAP * (widths.length - 1);
  const over = () => fitting.reduce((sum, one) => sum + one, 0) - room;
  const last = fitting.length - 1;
  fitting[last] = Math.max(Math.min(fitting[last] ?? 0, LEAST), (fitting[last] ?? 0) - Math.max(over(), 0));
  while (over() > 0) {
    const widest = Math.max(...fitting);
    if (widest <= LEAST) break;
    fitting[fitting.lastIndexOf(widest)] = widest - 1;
  }
  return fitting;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
