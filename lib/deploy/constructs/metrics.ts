/**
 * The metrics of a deployment, in the namespace `cloudtab/<root>`: each counts the log lines with one of its codes. They
 * have no dimensions (decision 0008): the line itself names the cron. alarms.ts decides which of them raise an alarm.
 */
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LambdaName } from '../../adapters/aws/environment.ts';

export interface MetricsProps {
  /** For example `cloudtab/shop`. */
  readonly namespace: string;
  /** The Lambdas in whose logs the lines are counted. */
  readonly lambdas: { readonly [name in LambdaName]: { readonly logGroup: ILogGroup } };
}

interface Counted {
  /** The codes of the lines that the metric counts. */
  readonly codes: readonly string[];
  /** The Lambdas that write such lines. */
  readonly by: readonly LambdaName[];
  /** What each line adds. Default: one. */
  readonly value?: string;
}

/** The Lambdas that detect the end of a failed run: the next run and the sweep. */
const RUNS: readonly LambdaName[] = ['run', 'sync'];

const COUNTED = {
  /** Runs that failed, that their runner refused, or whose process died. */
  FailedRuns: { codes: ['run-failed', 'run-refused', 'lease-expired'], by: RUNS },
  /** Runs whose process died: their lease expired. */
  ExpiredLeases: { codes: ['lease-expired'], by: RUNS },
  /** Planned times that will not run because they were found too late. */
  MissedRuns: { codes: ['run-missed'], by: RUNS, value: '$.count' },
  /** Runs that started more than 5 minutes after their time. */
  LateRuns: { codes: ['run-late'], by: ['run'] },
  /** Planned times that did not run because the previous run had not ended. */
  SkippedRuns: { codes: ['run-skipped'], by: RUNS, value: '$.count' },
  /** Timers that were lost before their time and created again. */
  LostTimers: { codes: ['timer-lost'], by: ['sync'] },
  /** Timers that belonged to no job and were deleted. */
  SurplusTimers: { codes: ['timer-surplus'], by: ['sync'] },
  /** Redeliveries of occurrences whose first delivery started no run. */
  LostDeliveries: { codes: ['run-redelivered'], by: ['sync'] },
  /** Deliveries that were duplicates, or whose time an edit had replaced. */
  DroppedDeliveries: { codes: ['delivery-ignored'], by: ['run'] },
  /** Invalid versions of parameters. */
  RejectedParameters: { codes: ['parameter-rejected'], by: ['registry', 'sync', 'setup', 'admin'] },
  /** Failed attempts to publish events on the bus. */
  LostEvents: { codes: ['events-lost'], by: ['registry', 'run', 'sync', 'setup', 'admin'] },
  /** Labels of invalid versions that could not be set or removed. */
  FailedLabels: { codes: ['label-failed'], by: ['registry', 'sync', 'setup', 'admin'] },
} as const satisfies Readonly<Record<string, Counted>>;

export type MetricName = keyof typeof COUNTED;

export class Metrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, { namespace, lambdas }: MetricsProps) {
    super(scope, id);
    this.#namespace = namespace;
    const counted: [string, Counted][] = Object.entries(COUNTED);
    for (const [name, { codes, by, value }] of counted) {
      for (const lambda of by) this.#count(`${name}-${lambda}`, name, lambdas[lambda].logGroup, codes, value);
    }
  }

  /** The count in each period; a period without lines has no data. Default period: five minutes. */
  metric(name: MetricName, period: Duration = Duration.minutes(5)): Metric {
    return new Metric({ namespace: this.#namespace, metricName: name, statistic: Stats.SUM, period });
  }

  #count(id: string, metricName: string, logGroup: ILogGroup, codes: readonly string[], value = '1'): void {
    new MetricFilter(this, id, {
      logGroup,
      metricNamespace: this.#namespace,
      metricName,
      metricValue: value,
      filterPattern: FilterPattern.any(
        ...codes.map((code) => FilterPattern.stringValue('$.code', '=', code)),
      ),
    });
  }
}
