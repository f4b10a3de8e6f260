/** The sizes of items in DynamoDB, as its documentation on capacity describes them, and the units of writes. */
import { ACTIVITY, ATTENTION } from '../../lib/adapters/aws/table.ts';

type Item = Readonly<Record<string, unknown>>;

/** The input of a PutItem or a TransactWriteItems of puts. */
export interface WriteInput {
  readonly Item?: Item;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item?: Item } }[];
}

/** In bytes: names and values. Fields that are undefined are not stored. */
export function itemSize(item: object): number {
  return sum(entriesOf(item).map(([name, value]) => Buffer.byteLength(name) + valueSize(value)));
}

/** The entry of an index for an item; absent if the item is not in the index. */
export function indexEntry(index: typeof ACTIVITY | typeof ATTENTION, item: Item): Item | undefined {
  const { partitionKey, sortKey, include } = index;
  if (item[partitionKey] === undefined) return undefined;
  const names = ['pk', 'sk', partitionKey, sortKey, ...include];
  return Object.fromEntries(entriesOf(item).filter(([name]) => names.includes(name)));
}

/**
 * The units that a write takes: one for each KB of an item, twice as many in a transaction, and one for each KB of a new
 * index entry.
 */
export function writeUnits({ Item, TransactItems = [] }: WriteInput): number {
  const transacted = TransactItems.flatMap(({ Put }) => (Put?.Item ? [Put.Item] : []));
  return sum([
    ...(Item ? [kilobytes(Item) + indexUnits(Item)] : []),
    ...transacted.map((each) => 2 * kilobytes(each) + indexUnits(each)),
  ]);
}

/** The bytes that stay of a write beside the one job: of each run record and of its index entries, with 100 bytes for each. */
export function recordBytes({ TransactItems = [] }: WriteInput): number {
  const records = TransactItems.flatMap(({ Put }) => (Put?.Item?.ended === undefined ? [] : [Put.Item]));
  const entries = records.flatMap((record) => [
    record,
    ...[ACTIVITY, ATTENTION].map((index) => indexEntry(index, record)),
  ]);
  return sum(entries.map((entry) => (entry ? itemSize(entry) + 100 : 0)));
}

function indexUnits(item: Item): number {
  const entries = [ACTIVITY, ATTENTION].map((index) => indexEntry(index, item));
  return sum(entries.map((entry) => (entry ? kilobytes(entry) : 0)));
}

function kilobytes(item: Item): number {
  return Math.ceil(itemSize(item) / 1024);
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (Array.isArray(value)) return 3 + sum(value.map((each) => 1 + valueSize(each)));
  return 3 + itemSize(value as object) + entriesOf(value as object).length;
}

/** About one byte for two digits, and one more. */
function numberSize(value: number): number {
  const digits = String(Math.abs(value)).replace(/^0\.?|\.|e.*$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

function entriesOf(item: object): [string, unknown][] {
  return Object.entries(item).filter(([, value]) => value !== undefined);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
