/** The price of a million runs by the recorded requests of one run, in US dollars (us-east-1, without free tier). */
import { recordBytes, type WriteInput, writeUnits } from './item-size.ts';

/** For a million of each, or for each GB. */
const PRICES = {
  writeUnit: 0.625,
  readUnit: 0.125,
  event: 1,
  scheduledDelivery: 1,
  lambdaRequest: 0.2,
  /** Of Lambda on arm64, for a million. */
  gigabyteSecond: 13.33,
  logs: 0.5,
  /** In a month. */
  storage: 0.25,
};

/** A run takes 100 ms of a function with 512 MB, and Lambda logs 700 bytes about it. */
const RUN = { seconds: 0.1, gigabytes: 0.5, logBytes: 700 };
const MONTHS = 3;

interface Request extends WriteInput {
  readonly Entries?: readonly unknown[];
  readonly RequestItems?: Readonly<Record<string, { readonly Keys?: readonly unknown[] }>>;
}

export function priceOfMillion(requests: readonly Request[]): number {
  const sum = (amountOf: (request: Request) => number) =>
    requests.reduce((total, request) => total + amountOf(request), 0);
  const events = sum(({ Entries = [] }) => Entries.length);
  // A consistent read of an item of 4 KB at most is one unit.
  const reads = sum(({ RequestItems = {} }) =>
    Object.values(RequestItems).reduce((total, { Keys = [] }) => total + Keys.length, 0),
  );
  return (
    PRICES.writeUnit * sum(writeUnits) +
    PRICES.readUnit * reads +
    PRICES.event * events +
    PRICES.scheduledDelivery +
    PRICES.lambdaRequest +
    PRICES.gigabyteSecond * RUN.seconds * RUN.gigabytes +
    (PRICES.logs * RUN.logBytes) / 1000 +
    (PRICES.storage * MONTHS * sum(recordBytes)) / 1000
  );
}
