/**
 * Formats tables for terminals. In a narrow terminal the last column breaks between words, then moves below its row;
 * when the other columns do not fit either, each row becomes a block of lines. Cells lose their control characters.
 */
import { stripVTControlCharacters } from 'node:util';
import { type Style, styled, terminalWidth, visible } from './terminal.ts';
import { textWidth, truncateToWidth, wrapText, wrapWords } from './wrap-text.ts';

/** Text, or text in a style, which is printed only on a terminal without NO_COLOR. */
export type Cell = string | { readonly text: string; readonly style: Style };

type StyledText = Exclude<Cell, string>;
type Row = readonly StyledText[];

export interface TableOptions {
  /** In terminal columns; absent: unlimited. */
  readonly width?: number | undefined;
  /** The first row is the head. In a narrow terminal, columns that are empty below it are omitted. */
  readonly head?: true;
  /** Names, in the head, of the columns that a narrow terminal may truncate. */
  readonly mayCut?: readonly string[];
  /** Name, in the head, of the column before the last one, if a narrow terminal may move it below its row too. */
  readonly mayMove?: string;
}

const GAP = 2;
const INDENT = ' '.repeat(GAP);
/** The least width of a truncated column. */
const LEAST = 6;
/** Text that is wider needs at least this width beside its row; otherwise it moves below. */
const LEAST_TEXT = 20;

/** The rows as aligned columns, without trailing blanks. */
export function table(
  rows: readonly (readonly Cell[])[],
  { width, head, mayCut = [], mayMove }: TableOptions = {},
): string {
  const whole = rows.map((row) => row.map(toStyledText));
  const natural = naturalWidths(whole);
  if (width === undefined || lineWidth(natural) <= width) return linesOf(whole, natural);
  const kept = head ? withoutEmpty(whole) : whole;
  const names = kept[0]?.map(({ text }) => text) ?? [];
  const fixed = naturalWidths(kept).slice(0, -1);
  narrow(fixed, (column) => head === true && mayCut.includes(names[column] ?? ''), width);
  if (lineWidth(fixed) > width) {
    const others = fixed.slice(0, -1);
    const canMove = head === true && names.at(-2) === mayMove && lineWidth(others) <= width;
    if (!canMove) return blocks(kept, width, head);
    return kept
      .map(joined)
      .flatMap((row, index) => below(row, others, width, index === 0))
      .join('\n');
  }
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

/** The text, broken between words at the width of the terminal; unchanged for a stream that is not a terminal. */
export function fitting(text: string, stream?: Parameters<typeof terminalWidth>[0]): string {
  return wrapText(text, terminalWidth(stream));
}

/** The text on one line, without control characters, as it is shown. */
export function plain(text: string): string {
  return visible(stripVTControlCharacters(text).replace(/\p{Cc}+/gu, ' '));
}

function toStyledText(cell: Cell): StyledText {
  return typeof cell === 'string' ? { text: plain(cell), style: [] } : { ...cell, text: plain(cell.text) };
}

function naturalWidths(rows: readonly Row[]): number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries())
      widths[column] = Math.max(widths[column] ?? 0, textWidth(text));
  }
  return widths;
}

/** The width of a line with these columns. Empty columns at its end do not count. */
function lineWidth(widths: readonly number[]): number {
  const used = widths.slice(0, widths.findLastIndex((one) => one > 0) + 1);
  return used.reduce((sum, one) => sum + one + GAP, -GAP);
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
      // The last column has been wrapped; a word that is wider stays whole.
      const content = column < widths.length - 1 ? truncateToWidth(text, width) : text;
      const blanks = column < last ? ' '.repeat(width - textWidth(content)) : '';
      return `${content === '' ? '' : styled(style, content)}${blanks}`;
    })
    .join(INDENT);
}

/** The rows without the columns that are empty below the head; the last column stays. */
function withoutEmpty([head = [], ...rows]: readonly Row[]): Row[] {
  const isKept = (_: StyledText, column: number) =>
    column === head.length - 1 || rows.some((row) => (row[column]?.text ?? '') !== '');
  return [head, ...rows].map((row) => row.filter(isKept));
}

/** Shrinks the widest column that may be truncated until the line fits, or none can shrink further. */
function narrow(widths: number[], mayCut: (column: number) => boolean, width: number): void {
  while (lineWidth(widths) > width) {
    const widest = Math.max(...widths.filter((_, column) => mayCut(column)));
    if (!(widest > LEAST)) return;
    const column = widths.findLastIndex((one, index) => one === widest && mayCut(index));
    widths[column] = widest - 1;
  }
}

/** The row as several rows, with its text wrapped in the last column. */
function beside(row: Row, before: number, room: number): Row[] {
  const text = row[before];
  if (!text) return [row];
  const blank = row.slice(0, before).map((): StyledText => ({ text: '', style: [] }));
  return wrapWords(text.text, room).map((part, index) => [
    ...(index === 0 ? row.slice(0, before) : blank),
    { ...text, text: part },
  ]);
}

/** The row with its last two columns as one. */
function joined(row: Row): Row {
  const texts = row.slice(-2).flatMap(({ text }) => (text === '' ? [] : text));
  return [...row.slice(0, -2), { text: texts.join(INDENT), style: row.at(-1)?.style ?? [] }];
}

/** The lines of a row with its text below the other columns. */
function below(row: Row, fixed: readonly number[], width: number, isHead: boolean): string[] {
  const { text = '', style = [] } = row[fixed.length] ?? {};
  const lines = isHead || text === '' ? [] : wrapWords(text, width - GAP);
  const others = lineOf(row.slice(0, fixed.length), [...fixed, 0]);
  return [others, ...lines.map((line) => `${INDENT}${styled(style, line)}`)];
}

/** Each row as lines: a line of name and value per column, or without a head a line per cell. */
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
