/** The size of an item in DynamoDB, as its documentation on capacity describes it, and the units of a write. */

/** In bytes: names and values. Fields that are undefined are not stored. */
export function itemSize(item: object): number {
  return entriesOf(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

/** The write units of an item of that size; a transaction takes twice as many. */
export function writeUnits(bytes: number): number {
  return Math.ceil(bytes / 1024);
}

function valueSize(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (typeof value === 'number') return numberSize(value);
  if (typeof value === 'boolean' || value === null) return 1;
  if (Array.isArray(value)) return 3 + value.reduce((sum: number, each) => sum + 1 + valueSize(each), 0);
  return (
    3 +
    entriesOf(value as object).reduce(
      (sum, [name, each]) => sum + 1 + Buffer.byteLength(name) + valueSize(each),
      0,
    )
  );
}

/** About one byte for two digits, and one more. */
function numberSize(value: number): number {
  const digits = String(Math.abs(value)).replace(/^0\.?|\.|e.*$/g, '').length;
  return Math.ceil(digits / 2) + 1 + (value < 0 ? 1 : 0);
}

function entriesOf(item: object): [string, unknown][] {
  return Object.entries(item).filter(([, value]) => value !== undefined);
}
