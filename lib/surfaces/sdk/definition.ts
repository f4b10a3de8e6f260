/** A cron as a program writes it, and the difference between two as an operation takes it. */
import { CRON_DEFAULTS, type Cron, type CronFields, type JsonObject } from '../../core/domain/cron.ts';
import { sameJson } from '../../core/domain/same-json.ts';

/** What `add` takes: only the runner and the periodicity are needed. */
export interface NewCron extends Partial<Omit<CronFields, 'maxLateness' | 'timeout'>> {
  readonly name: string;
  readonly periodicity: string;
  /** Seconds, or text such as "2h". */
  readonly maxLateness?: number | string;
  /** Seconds, or text such as "90s". */
  readonly timeout?: number | string;
}

/** What `edit` takes; null takes a field away, so that its default counts. */
export type CronEdit = {
  readonly [field in keyof Omit<NewCron, 'uid'>]?: NewCron[field] | null;
};

/** The fields that are not at their defaults, as a person would write them. */
export function definitionOf(cron: Cron): JsonObject {
  const defaults: JsonObject = CRON_DEFAULTS;
  return Object.fromEntries(
    Object.entries(jsonOf(cron)).filter(([field, value]) => !sameJson(value, defaults[field])),
  );
}

/** What makes `before` into `after`; null for what is gone. Empty when they are similar. */
export function differenceOf(before: Cron, after: Cron): JsonObject {
  const [was, is] = [jsonOf(before), jsonOf(after)];
  const fields = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (field) => !sameJson(was[field], is[field]),
  );
  return Object.fromEntries(fields.map((field) => [field, is[field] ?? null]));
}

function jsonOf(cron: Cron): JsonObject {
  return { ...cron.fields() };
}
