/**
 * Metrics of each cron: a log line in the embedded metric format of CloudWatch for each occurrence that ends. CloudWatch makes
 * the metrics of it, so that no call is made. Their price is in docs/cost.md, the reasons in decision 0056.
 */
import type { Event, FinishedDetail } from '../../core/domain/event.ts';
import type { Events } from '../../core/ports/events.ts';
import type { Logger } from '../../core/ports/logger.ts';

export interface CronMetricsParts {
  /** Publishes the events. */
  readonly events: Events;
  /** For example `cloudtab/shop`. */
  readonly namespace: string;
  /** Writes a line to the log of the function. */
  readonly write: (line: string) => void;
  /** Gets the warnings of Powertools, such as that of a time that CloudWatch does not accept. */
  readonly logger: Logger;
}

/** The names of the metrics and their units; their dimensions are `site` and `uid`. */
const UNITS = {
  OK: 'Count',
  WARN: 'Count',
  FAILURE: 'Count',
  NOTRUN: 'Count',
  StartLag: 'Milliseconds',
  Duration: 'Milliseconds',
  LastSuccess: 'Seconds',
} as const;

type Values = { readonly [name in keyof typeof UNITS]?: number };

export class CronMetrics implements Events {
  readonly #parts: CronMetricsParts;

  constructor(parts: CronMetricsParts) {
    this.#parts = parts;
  }

  async publish(...all: readonly Event[]): Promise<void> {
    const { events, write } = this.#parts;
    for (const { type, detail } of all) {
      if (type === 'FinishedCronJob') write(await metricLine(this.#parts, detail));
    }
    await events.publish(...all);
  }
}

/** The line about one occurrence that has ended, or a range of them that did not run. */
export async function metricLine(
  { namespace, logger }: Pick<CronMetricsParts, 'namespace' | 'logger'>,
  { site, uid, log }: FinishedDetail,
): Promise<string> {
  // Not loaded before: the start of a function does not wait for it.
  const { Metrics } = await import('@aws-lambda-powertools/metrics');
  const metrics = new Metrics({ namespace, logger });
  metrics.clearDefaultDimensions();
  metrics.addDimensions({ site, uid }).setTimestamp(Date.parse(log.date));
  for (const [name, value] of Object.entries(valuesOf(log)))
    metrics.addMetric(name, UNITS[name as keyof Values], value);
  return JSON.stringify(metrics.serializeMetrics());
}

function valuesOf({ status, reason, plannedAt, startedAt, date, covers }: FinishedDetail['log']): Values {
  const ended = Date.parse(date);
  const count = { [status]: covers?.count ?? 1 };
  if (startedAt === undefined) return count;
  const started = Date.parse(startedAt);
  return {
    ...count,
    StartLag: started - Date.parse(plannedAt),
    // When the process of a run died is not known.
    ...(reason !== 'died' && { Duration: ended - started }),
    ...((status === 'OK' || status === 'WARN') && { LastSuccess: Math.round(ended / 1000) }),
  };
}
