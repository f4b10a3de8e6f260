/** The price of recorded requests: the units of DynamoDB, the events, and the memory and output of Lambda around them. */
import { itemSize, recordBytes, writeUnits } from '../support/item-size.ts';
import type { RecordedRequest } from '../support/recorded-deployment.ts';
import { PRICES } from './prices.ts';

/** What a Lambda does besides its requests. */
export interface Invocation {
  readonly seconds: number;
  /** Of its log lines and those of Lambda. */
  readonly logBytes: number;
}

/** The memory of each Lambda. */
const GIGABYTES = 0.5;

/** How long run records and log lines are kept. */
const MONTHS = 3;

const MILLION = 1e6;
const GIGABYTE = 1e9;

/** In US dollars. */
export function priceOf(requests: readonly RecordedRequest[], { seconds, logBytes }: Invocation): number {
  const sum = (amountOf: (request: RecordedRequest) => number) =>
    requests.reduce((total, request) => total + amountOf(request), 0);
  const writes = sum(({ input }) => writeUnits(input));
  const stored = sum(({ input }) => recordBytes(input));
  const amounts: [price: number, amount: number][] = [
    [PRICES.writeUnit, writes / MILLION],
    [PRICES.readUnit, sum(readUnits) / MILLION],
    [
      PRICES.event,
      sum(({ input }) => (input as { Entries?: readonly unknown[] }).Entries?.length ?? 0) / MILLION,
    ],
    [PRICES.lambdaRequest, 1 / MILLION],
    [PRICES.gigabyteSecond, (seconds * GIGABYTES) / MILLION],
    [PRICES.logs + PRICES.logStorage * MONTHS, logBytes / GIGABYTE],
    [PRICES.tableStorage * MONTHS, stored / GIGABYTE],
  ];
  return amounts.reduce((total, [price, amount]) => total + price * amount, 0);
}

/** A query reads its items together; a read by key rounds each item up to 4 KB. Half as much if it may be stale. */
function readUnits({ name, input, items }: RecordedRequest): number {
  if (!['Get', 'BatchGet', 'Query'].includes(name)) return 0;
  const blocks = (bytes: number) => Math.max(1, Math.ceil(bytes / 4096));
  const bytes = items.map(itemSize);
  if (name === 'Query') return blocks(bytes.reduce((total, each) => total + each, 0)) * consistency(input);
  return bytes.length === 0
    ? consistency(input)
    : bytes.reduce((total, each) => total + blocks(each), 0) * consistency(input);
}

function consistency(input: object): number {
  const { ConsistentRead, RequestItems = {} } = input as {
    readonly ConsistentRead?: boolean;
    readonly RequestItems?: Readonly<Record<string, { readonly ConsistentRead?: boolean }>>;
  };
  const isConsistent = ConsistentRead ?? Object.values(RequestItems).some((table) => table.ConsistentRead);
  return isConsistent ? 1 : 0.5;
}
