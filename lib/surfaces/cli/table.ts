/**
 * Tables for terminals: as wide as their cells, but no wider than the terminal. The last column is text and gives way
 * first: it breaks between words, and stands below its row where there is no room beside it. Where even the others
 * have none, each row becomes a block of lines. What is printed comes from people and programs, so nothing in a cell
 * can move the cursor or change a colour.
 */
import { stripVTControlCharacters, styleText } from 'node:util';
import stringWidth from 'string-width';
import { truncateToWidth, wrapText, wrapWords } from './wrap-text.ts';

export type Style = Parameters<typeof styleText>[0];

/** Text, or text in a style: colours are for terminals alone, and NO_COLOR is heard. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** What is shown of a cell. */
type Shown = Exclude<Cell, string>;
type Row = readonly Shown[];

export interface TableOptions {
  /** In characters; absent: as wide as need be. */
  readonly width?: number | undefined;
  /** The first row names the columns: where there is no room, those that hold nothing are left out. */
  readonly head?: true;
  /** By their names in the head: columns that may be cut where there is no room. All others are shown whole. */
  readonly mayCut?: readonly string[];
}

const GAP = 2;
const INDENT = ' '.repeat(GAP);
/** No column is cut to less. */
const LEAST = 6;
/** Text that has no more room than this beside its row stands below it. */
const LEAST_TEXT = 20;

/** Rows of cells under each other, without blanks at the end of a line. */
export function table(
  rows: readonly (readonly Cell[])[],
  { width, head, mayCut = [] }: TableOptions = {},
): string {
  const whole = rows.map((row) => row.map(cleaned));
  const natural = naturalWidths(whole);
  if (width === undefined || taken(natural) <= width) return linesOf(whole, natural);
  const kept = head ? withoutEmpty(whole) : whole;
  const names = kept[0]?.map(({ text }) => text) ?? [];
  const fixed = naturalWidths(kept).slice(0, -1);
  narrow(fixed, (column) => head === true && mayCut.includes(names[column] ?? ''), width);
  if (taken(fixed) > width) return blocks(kept, width, head);
  const room = width - fixed.reduce((sum, one) => sum + one + GAP, 0);
  const text = naturalWidths(kept).at(-1) ?? 0;
  if (room >= Math.min(text, LEAST_TEXT)) {
    return linesOf(
      kept.flatMap((row) => beside(row, fixed.length, room)),
      [...fixed, room],
    );
  }
  return kept.flatMap((row, index) => below(row, fixed, width, head === true && index === 0)).join('\n');
}

/** The width of the terminal that results go to; nothing when they go elsewhere. */
export function terminalWidth(
  stream: { isTTY?: boolean; columns?: number } = process.stdout,
): number | undefined {
  return stream.isTTY && stream.columns ? stream.columns : undefined;
}

/** Text for people, broken between words where that terminal ends; for anything else it stays as it is. */
export function fitting(text: string, stream?: Parameters<typeof terminalWidth>[0]): string {
  return wrapText(text, terminalWidth(stream));
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

function naturalWidths(rows: readonly Row[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, stringWidth(text));
  }
  return widths;
}

/** By columns of these widths and the gaps between them; before nothing there is none. */
function taken(widths: readonly number[]): number {
  const shown = widths.slice(0, widths.findLastIndex((one) => one > 0) + 1);
  return shown.reduce((sum, one) => sum + one + GAP, -GAP);
}

function linesOf(rows: readonly Row[], widths: readonly number[]): string {
  return rows.map((row) => lineOf(row, widths)).join('\n');
}

function lineOf(row: Row, widths: readonly number[]): string {
  const last = row.findLastIndex(({ text }) => text !== '');
  return row
    .slice(0, last + 1)
    .map(({ text, style }, column) => {
      const width = widths[column] ?? 0;
      // Folded text is cut no more: a word that is too long is shown whole.
      const shown = column < widths.length - 1 ? truncateToWidth(text, width) : text;
      const blanks = column < last ? ' '.repeat(width - stringWidth(shown)) : '';
      return `${shown === '' ? '' : styled(style, shown)}${blanks}`;
    })
    .join(INDENT);
}

/** Without columns that have a name and nothing else; the last one stays. */
function withoutEmpty([head = [], ...rows]: readonly Row[]): Row[] {
  const isKept = (_: Shown, column: number) =>
    column === head.length - 1 || rows.some((row) => (row[column]?.text ?? '') !== '');
  return [head, ...rows].map((row) => row.filter(isKept));
}

/** Takes from the widest of those that may be cut until they have room, or none has more to give. */
function narrow(widths: number[], mayCut: (column: number) => boolean, width: number): void {
  while (taken(widths) > width) {
    const widest = Math.max(...widths.filter((_, column) => mayCut(column)));
    if (!(widest > LEAST)) return;
    const column = widths.findLastIndex((one, index) => one === widest && mayCut(index));
    widths[column] = widest - 1;
  }
}

/** The row as several, so that its text has room behind the others. */
function beside(row: Row, before: number, room: number): Row[] {
  const text = row[before];
  if (!text) return [row];
  const blank = row.slice(0, before).map((): Shown => ({ text: '', style: [] }));
  return wrapWords(text.text, room).map((part, index) => [
    ...(index === 0 ? row.slice(0, before) : blank),
    { ...text, text: part },
  ]);
}

/** The row, and its text in lines of its own. */
function below(row: Row, fixed: readonly number[], width: number, isHead: boolean): string[] {
  const { text = '', style = [] } = row[fixed.length] ?? {};
  const lines = isHead || text === '' ? [] : wrapWords(text, width - GAP);
  const others = lineOf(row.slice(0, fixed.length), [...fixed, 0]);
  return [others, ...lines.map((line) => `${INDENT}${styled(style, line)}`)];
}

/** Each row as lines: what has a name behind it, anything else below the first. */
function blocks(rows: readonly Row[], width: number, head: true | undefined): string {
  if (!head) return rows.flatMap((row) => unnamed(row, width)).join('\n');
  const [names = [], ...others] = rows;
  return others
    .map((row) => {
      const cells = row.map((cell, column): Row => [names[column] ?? cell, cell]);
      return table(
        cells.filter(([, cell]) => cell?.text !== ''),
        { width },
      );
    })
    .join('\n\n');
}

function unnamed(row: Row, width: number): string[] {
  return row
    .filter(({ text }) => text !== '')
    .flatMap(({ text, style }, index) => {
      const indent = index === 0 ? '' : INDENT;
      return wrapWords(text, width - indent.length).map((line) => `${indent}${styled(style, line)}`);
    });
}
