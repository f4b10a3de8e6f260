/** The answer of an operation that lists something: its items under that name, and the cursor of the next page. */
import * as z from 'zod/mini';
import { once } from '../../core/domain/once.ts';
import type { Page } from '../operations/page.ts';
import { answers } from './answers.ts';

/** `dump` is an item as JSON. Default: as it is. */
export function listAnswer<Item>(
  name: string,
  item: () => z.ZodMiniType,
  dump: (item: Item) => unknown = (same) => same,
) {
  return {
    answer: once(() => z.object({ [name]: z.array(item()), cursor: answers().cursor })),
    json: ({ items, cursor }: Page<Item>) => ({
      [name]: items.map((one) => dump(one)),
      ...(cursor !== undefined && { cursor }),
    }),
  };
}
