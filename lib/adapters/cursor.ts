/** Cursors of lists: opaque to callers, and refused if another version or another list has made them. */
import { InvalidError } from '../core/domain/errors.ts';
import { formatValue } from '../core/domain/problem.ts';
import { type RunRecord, recordId } from '../core/domain/run-record.ts';

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
  return `${String(endedAt).padStart(13, '0')}#${site}#${uid}#${recordId(record)}`;
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
  const [version, name, position] = parsed(cursor);
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

function parsed(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
