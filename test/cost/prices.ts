/**
 * The prices of AWS in us-east-1, in November 2026, in US dollars, without a free tier. Lambdas are on arm64. Other regions
 * cost up to half as much again.
 */

/** For a million of each, or for each GB. */
export const PRICES = {
  writeUnit: 0.625,
  readUnit: 0.125,
  /** An event of at most 64 KB on the bus. */
  event: 1,
  scheduledDelivery: 1,
  lambdaRequest: 0.2,
  /** A million GB-seconds of Lambda. */
  gigabyteSecond: 13.33,
  /** A GB into CloudWatch Logs. */
  logs: 0.5,
  /** A GB in the table, in a month. */
  tableStorage: 0.25,
  /** A GB in CloudWatch Logs, in a month; lines are compressed to about a sixth. */
  logStorage: 0.03 / 6,
};

/** In a month. */
export const MONTHLY = { alarm: 0.1, customMetric: 0.3 };
