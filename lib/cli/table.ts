/**
 * Tables for terminals: as wide as their cells, but no wider than the terminal; then the widest columns give way. What
 * is printed comes from people and programs, so nothing in a cell can move the cursor or change a colour.
 */
import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Text, or text in a style: colours are for terminals alone, and NO_COLOR is heard. */
export type Cell = string | { readonly text: string; readonly style: Style };

export interface TableOptions {
  /** In characters; absent: as wide as need be. */
  readonly width?: number | undefined;
}

const GAP = 2;
/** No column is cut to less. */
const LEAST = 6;

/** Rows of cells under each other, without blanks at the end of a line. */
export function table(rows: readonly (readonly Cell[])[], { width }: TableOptions = {}): string {
  const clean = rows.map((row) => row.map(cleaned));
  const widths = fitted(naturalWidths(clean), width);
  const line = (row: readonly Exclude<Cell, string>[]) => {
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

function cleaned(cell: Cell): Exclude<Cell, string> {
  return typeof cell === 'string' ? { text: plain(cell), style: [] } : { ...cell, text: plain(cell.text) };
}

function naturalWidths(rows: readonly (readonly Exclude<Cell, string>[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, text.length);
  }
  return widths;
}

/** The widest column gives way first, the last of equal ones. */
function fitted(widths: readonly number[], width: number | undefined): number[] {
  const fitting = [...widths];
  if (width === undefined) return fitting;
  const room = width - GAP * (widths.length - 1);
  let total = fitting.reduce((sum, one) => sum + one, 0);
  while (total > room) {
    const widest = Math.max(...fitting);
    if (widest <= LEAST) break;
    fitting[fitting.lastIndexOf(widest)] = widest - 1;
    total -= 1;
  }
  return fitting;
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text;
}
