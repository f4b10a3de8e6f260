/** The rows of a plan. No value is truncated, because two values may differ only in their ends. */
import stringWidth from 'string-width';
import type { Json } from '../../core/domain/cron.ts';
import { escaped } from './terminal.ts';
import { splitAtWidth } from './wrap-text.ts';

/** A name and a value, or a name, the value before, and the value after behind an arrow. */
export type Row = readonly [name: string, ...parts: string[]];

const GAP = 2;
/** The least width, in columns, of the names and of the values. */
const LEAST = 6;

/** The lines of the rows. Values wider than `width`, in columns, continue on the next line. */
export function rowLines(rows: readonly Row[], width = Number.POSITIVE_INFINITY): string[] {
  const widest = Math.max(...rows.map(([name]) => stringWidth(name)));
  const nameWidth = Math.min(widest, Math.max(Math.floor(width / 2), LEAST));
  const valueWidth = Math.max(width - nameWidth - GAP, LEAST);
  const indent = ' '.repeat(nameWidth + GAP);
  return rows.flatMap(([name, ...parts]) => {
    const whole = parts.join(' ');
    const isOneLine = stringWidth(whole) <= valueWidth;
    const values = isOneLine ? [whole] : parts.flatMap((part) => splitAtWidth(part, valueWidth));
    const lines = values.map((value) => `${indent}${value}`);
    if (stringWidth(name) > nameWidth) return [...splitAtWidth(name, width), ...lines];
    const [first = '', ...more] = lines;
    return [`${name}${first.slice(stringWidth(name))}`, ...more];
  });
}

/** The whole value as JSON. */
export function jsonShown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : visible(JSON.stringify(value));
}

/** Escapes all that is not seen but plain spaces: two values may differ in nothing else. */
export function visible(text: string): string {
  return escaped(text, /(?! )[\p{C}\p{Z}]/gu);
}
