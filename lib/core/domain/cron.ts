/**
 * A cron: one task of a site's crontab. Its validation is in cron-schema.ts; the fields of a Cron are valid.
 */

import { attempt } from './errors.ts';
import { type Expression, parseExpression } from './expression.ts';
import type { Log, LogDump } from './log.ts';
import { dumpLog } from './log.ts';
import { nextRun } from './next-run.ts';
import { formatProblem } from './problem.ts';
import type { Status } from './run-record.ts';
import { sameJson } from './same-json.ts';
import { isTimeZone } from './time-zone.ts';

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** What happens when a run is due while the last one still goes on. */
export type Overlap = 'skip' | 'buffer' | 'allow';

/** What happens to planned times that could not start on time. */
export type Missed = 'once' | 'all' | 'skip';

export interface CronFields {
  /** Unique within the crontab. */
  readonly uid: string;
  /** The name of the runner. */
  readonly name: string;
  /** Five fields of crontab(5), or a nickname such as `@daily`. */
  readonly periodicity: string;
  /** Handed to the runner. May refer to secrets, never holds them. */
  readonly environ: JsonObject;
  readonly activated: boolean;
  /** How many logs are kept: 1 to 25. */
  readonly logsLimit: number;
  /** Whom the runner acts as, if it wants to. */
  readonly user?: string;
  /** IANA name; absent means the crontab's. */
  readonly timezone?: string;
  /** What people should know about the cron. */
  readonly description?: string;
  /** Words by which users find it; absent if it has none. */
  readonly tags?: readonly string[];
  readonly overlap: Overlap;
  readonly missed: Missed;
  /** Seconds after which a planned time is too old to run. */
  readonly maxLateness: number;
  /** The time limit of a run, in seconds. */
  readonly timeout: number;
}

/** The defaults of absent fields. */
export const CRON_DEFAULTS = {
  environ: {},
  activated: true,
  logsLimit: 5,
  overlap: 'skip',
  missed: 'once',
  maxLateness: 86_400,
  timeout: 300,
} as const satisfies Partial<CronFields>;

/** Has the fields of a definition as its own properties, also those that are absent. */
const Definition = class {
  constructor(fields: CronFields) {
    Object.assign(
      this,
      { user: undefined, timezone: undefined, description: undefined, tags: undefined },
      fields,
    );
  }
} as new (
  fields: CronFields,
) => CronFields;

export class Cron extends Definition {
  /** Newest first. */
  readonly logs: readonly Log[];
  /** The site of its crontab; absent if it belongs to none. */
  readonly site: string | undefined;
  #expression: Expression | undefined;

  constructor(fields: CronFields, logs: readonly Log[] = [], site?: string) {
    super(fields);
    this.logs = logs;
    this.site = site;
    // An assignment would be lost: a crontab saves its own crons. So it throws.
    Object.freeze(this);
  }

  /**
   * The first planned time later than `after`, both in epoch milliseconds; nothing if there is none. `timezone` is the
   * crontab's and counts if the cron has none of its own. A cron that an earlier version accepted and this one cannot read
   * has no planned times: see `unreadable`.
   */
  next(after: number, timezone: string): number | undefined {
    if (this.unreadable(timezone) !== undefined) return undefined;
    return nextRun(this.#parsed(), this.timezone ?? timezone, after);
  }

  /** Why this version cannot compute the cron's planned times; nothing if it can. */
  unreadable(timezone: string): string | undefined {
    if (!isTimeZone(this.timezone ?? timezone)) return `there is no time zone "${this.timezone ?? timezone}"`;
    const { problems } = attempt(() => this.#parsed());
    return problems.length === 0 ? undefined : problems.map(formatProblem).join(' ');
  }

  #parsed(): Expression {
    this.#expression ??= parseExpression(this.periodicity, this.uid);
    return this.#expression;
  }

  /** The same cron under another uid. */
  withUid(uid: string): Cron {
    return new Cron({ ...this.fields(), uid }, this.logs, this.site);
  }

  /** The same cron in the crontab of that site. */
  withSite(site: string): Cron {
    return new Cron(this.fields(), this.logs, site);
  }

  get last(): Log | undefined {
    return this.logs[0];
  }

  get lastDate(): number | undefined {
    return this.last?.date;
  }

  get lastStatus(): Status | undefined {
    return this.last?.status;
  }

  get lastMessages(): readonly string[] {
    return this.last?.messages ?? [];
  }

  /** Whether all but the logs is equal. */
  similar(other: Cron): boolean {
    return sameJson(this.fields(), other.fields());
  }

  /** The definition without logs, as it is stored in a parameter and in the table. */
  fields(): CronFields {
    const { uid, name, periodicity, environ, activated, logsLimit, user, timezone, description, tags } = this;
    const { overlap, missed, maxLateness, timeout } = this;
    return {
      uid,
      name,
      periodicity,
      environ,
      activated,
      logsLimit,
      ...(user === undefined ? {} : { user }),
      ...(timezone === undefined ? {} : { timezone }),
      ...(description === undefined ? {} : { description }),
      ...(tags === undefined ? {} : { tags }),
      overlap,
      missed,
      maxLateness,
      timeout,
    };
  }

  /** The definition with its logs, as JSON. */
  dump(): CronFields & { readonly logs: readonly LogDump[] } {
    return { ...this.fields(), logs: this.logs.map(dumpLog) };
  }
}
