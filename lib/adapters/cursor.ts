/** Cursors of lists: opaque to those who pass them on, and refused if another version or list has made them. */
import { InvalidError } from '../core/domain/errors.ts';
import { formatValue } from '../core/domain/problem.ts';

/** Changes whenever the content of a cursor does. */
const VERSION = '2';

/** `list` names the list that the cursor belongs to; `position` is JSON. */
export function encodeCursor(list: string, position: unknown): string {
  return Buffer.from(JSON.stringify([VERSION, list, position])).toString('base64url');
}

/** The position; nothing for the first page. Throws InvalidError if the cursor is not one of this list and version. */
export function decodeCursor<Position>(list: string, cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [version, name, position] = parsed(cursor);
  if (version === VERSION && name === list) return position as Position;
  throw new InvalidError([
    {
      where: 'cursor',
      got: formatValue(cursor),
      wanted: 'the cursor of the page before, as this version made it',
      fix: 'Begin again with the first page.',
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
