/** The rows of a plan. Nothing in them is ever cut, since two values may differ in their ends alone. */
import type { Json } from '../../core/domain/cron.ts';

/** A name, and its text; or what stood before, and behind an arrow what stands after. */
export type Row = readonly [name: string, ...parts: string[]];

const GAP = 2;
/** No text is folded to less. */
const LEAST = 6;

/** The lines of the rows. `width` is in characters: what is wider goes on in the next line. Absent: as wide as need be. */
export function rowLines(rows: readonly Row[], width = Number.POSITIVE_INFINITY): string[] {
  const widest = Math.max(...rows.map(([name]) => name.length));
  const column = Math.min(widest, Math.max(Math.floor(width / 2), LEAST));
  const room = Math.max(width - column - GAP, LEAST);
  const indent = ' '.repeat(column + GAP);
  return rows.flatMap(([name, ...parts]) => {
    const whole = parts.join(' ');
    const lines = whole.length <= room ? [whole] : parts.flatMap((part) => pieces(part, room));
    const [first = '', ...more] = lines.map((line) => `${indent}${line}`);
    if (name.length > column) return [...pieces(name, width), first, ...more];
    return [`${name}${first.slice(name.length)}`, ...more];
  });
}

/** The whole value as JSON. */
export function jsonShown(value: Json | undefined): string {
  return value === undefined ? 'nothing' : visible(JSON.stringify(value));
}

/** What a terminal would obey, or not show, is written as in JSON. */
export function visible(text: string): string {
  return text.replace(/(?! )[\p{C}\p{Z}]/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

function pieces(text: string, size: number): string[] {
  return [...text.matchAll(new RegExp(`.{1,${size}}`, 'gu'))].map(([piece]) => piece);
}
