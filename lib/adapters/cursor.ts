/** Cursors of lists: opaque to callers, and refused if another version or another list has made them. */
import { InvalidError } from '../core/domain/errors.ts';
import { valueOfJson } from '../core/domain/json-object.ts';
import { formatValue } from '../core/domain/problem.ts';
import { type RunRecord, recordId } from '../core/domain/run-record.ts';
import type { PageRequest } from '../core/ports/store.ts';

/** Changes whenever the content of a cursor does. */
const VERSION = '2';

const ID = String.raw`\d{1,13}(?:-[\w-]{1,64})?`;

/** The position in the records of one cron: the id of a record. */
export const RECORD_POSITION = new RegExp(`^${ID}$`);

/** The position in a list by the time of the end: see `endedKey`. */
export const ENDED_POSITION = new RegExp(String.raw`^\d{13}#([a-z0-9-]{1,16})#([\w-]{1,36})#(${ID})$`);

/** Sorts records by the time at which they ended: `<epoch milliseconds>#<site>#<uid>#<record id>`. */
export function endedKey(record: RunRecord): string {
  const { site, uid, endedAt } = record;
  return `${endedText(endedAt)}#${site}#${uid}#${recordId(record)}`;
}

/** The first and the last position of a period: every position begins with a digit. */
export interface PositionRange {
  readonly from: string;
  readonly to: string;
}

const FIRST = '0';
/** Sorts behind all that may follow the time in a position. */
const LAST = '~';

export function recordRange({ since, until }: Pick<PageRequest, 'since' | 'until'>): PositionRange {
  return {
    from: since === undefined ? FIRST : String(Math.ceil(since / 1000)),
    to: until === undefined ? LAST : `${Math.ceil(until / 1000) - 1}${LAST}`,
  };
}

export function endedRange({ since, until }: Pick<PageRequest, 'since' | 'until'>): PositionRange {
  return {
    from: since === undefined ? FIRST : endedText(since),
    to: until === undefined ? LAST : `${endedText(until - 1)}${LAST}`,
  };
}

function endedText(time: number): string {
  return String(time).padStart(13, '0');
}

/** `list` names the list that the cursor belongs to. */
export function encodeCursor(list: string, position: string): string {
  return Buffer.from(JSON.stringify([VERSION, list, position])).toString('base64url');
}

/**
 * The position; absent for the first page. Throws InvalidError if the cursor is not of this list and version, or if its
 * position does not match the pattern.
 */
export function decodeCursor(list: string, pattern: RegExp, cursor: string | undefined): string | undefined {
  if (cursor === undefined) return undefined;
  const parts = valueOfJson(Buffer.from(cursor, 'base64url').toString());
  const [version, name, position]: unknown[] = Array.isArray(parts) ? parts : [];
  const isOwn = version === VERSION && name === list;
  if (isOwn && typeof position === 'string' && pattern.test(position)) return position;
  throw new InvalidError([
    {
      where: 'cursor',
      got: formatValue(cursor),
      wanted: 'the cursor of the previous page of this list',
      fix: 'Start again with the first page.',
    },
  ]);
}
