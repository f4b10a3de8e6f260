import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_PAGE_BYTES, pageOf } from '../../../lib/app/operations/page.ts';

interface Item {
  readonly name: string;
  readonly text: string;
}

const nameOf = ({ name }: Item) => name;

function allPages(items: readonly Item[], count?: number): Item[][] {
  const pages: Item[][] = [];
  let cursor: string | undefined;
  do {
    const page = pageOf(items, nameOf, { count, cursor });
    pages.push([...page.items]);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return pages;
}

describe('pageOf', () => {
  it('The pages of a list have each item once, in order, whatever the count', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/)),
        fc.integer({ min: 1, max: 9 }),
        (names, count) => {
          const items = names.sort().map((name) => ({ name, text: '' }));
          const pages = allPages(items, count);
          expect(pages.flat()).toEqual(items);
          expect(pages.every((page) => page.length <= count)).toBe(true);
        },
      ),
    );
  });

  it('A page ends before it exceeds 1 MB, and has one item at least', () => {
    const text = 'x'.repeat(300_000);
    const items = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, text }));
    expect(allPages(items).map((page) => page.map(nameOf))).toEqual([
      ['a', 'b', 'c'],
      ['d', 'e'],
    ]);
    const large = [{ name: 'a', text: 'x'.repeat(MAX_PAGE_BYTES) }, ...items.slice(1)];
    expect(allPages(large)[0]).toHaveLength(1);
  });

  it('A page after an item that has gone begins with the next one', () => {
    const items = ['a', 'c'].map((name) => ({ name, text: '' }));
    expect(pageOf(items, nameOf, { cursor: 'b' }).items.map(nameOf)).toEqual(['c']);
  });
});
