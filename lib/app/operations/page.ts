/** A page of a list that is sorted by name, or by another text that no two items share. */

export interface Page<Item> {
  readonly items: readonly Item[];
  /** The name of the last item: the next page has the items after it. Absent on the last page. */
  readonly cursor?: string;
}

export interface PageRequest {
  readonly count?: number | undefined;
  readonly cursor?: string | undefined;
}

/** The answer of a Lambda has at most 6 MB; pages of 1 MB also suit a terminal and a browser. */
export const MAX_PAGE_BYTES = 1_000_000;
const MAX_COUNT = 500;

/** The items after the cursor, as many as the request and the size of their JSON allow; at least one. */
export function pageOf<Item>(
  all: readonly Item[],
  nameOf: (item: Item) => string,
  { count = MAX_COUNT, cursor = '' }: PageRequest,
): Page<Item> {
  const rest = all.filter((item) => nameOf(item) > cursor);
  const items = fitting(rest.slice(0, count));
  const last = items.at(-1);
  return { items, ...(last !== undefined && items.length < rest.length && { cursor: nameOf(last) }) };
}

/** The index at which a page begins, of a list without names. */
export function indexOf(cursor = '0'): number {
  return Number(cursor);
}

/** A text that sorts before that of each smaller number. */
export function descending(number: number): string {
  return String(Number.MAX_SAFE_INTEGER - number).padStart(16, '0');
}

/** The first items, as many as fit on a page by the size of their JSON; at least one. */
export function fitting<Item>(all: readonly Item[]): Item[] {
  let bytes = 0;
  const over = all.findIndex((item, index) => {
    bytes += Buffer.byteLength(JSON.stringify(item));
    return index > 0 && bytes > MAX_PAGE_BYTES;
  });
  return all.slice(0, over === -1 ? undefined : over);
}
