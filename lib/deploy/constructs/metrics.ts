/**
 * What is counted: lines that the handlers write with a code, in the namespace `cloudtab/<stack>`. The metrics have no
 * dimensions (decision 0008): which cron it was is in the line itself. What is made known to people is alarms.ts.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { LambdaName } from '../../adapters/aws/environment.ts';

export interface MetricsProps {
  /** The Lambdas in whose logs the lines are counted. */
  readonly lambdas: { readonly [name in LambdaName]: { readonly logGroup: ILogGroup } };
}

interface Counted {
  /** The codes of the lines that count. */
  readonly codes: readonly string[];
  /** The Lambdas that write such lines. */
  readonly by: readonly LambdaName[];
  /** What each line adds. Default: one. */
  readonly value?: string;
}

/** These may find what went wrong with a run: the run that comes next, the sweep, the restores. */
const RUNS: readonly LambdaName[] = ['run', 'sync', 'setup'];
/** These compare what is with what should be. */
const HEALERS: readonly LambdaName[] = ['sync', 'setup'];

const COUNTED = {
  /** Runs that failed, were refused by their runner, or died. */
  FailedRuns: { codes: ['run-failed', 'run-refused', 'lease-expired'], by: RUNS },
  /** Runs whose process died: their lease expired. */
  ExpiredLeases: { codes: ['lease-expired'], by: RUNS },
  /** Planned times that will never run, since they were found too late. */
  MissedRuns: { codes: ['run-missed'], by: RUNS, value: '$.count' },
  /** Runs that started more than 5 minutes after their time. */
  LateRuns: { codes: ['run-late'], by: ['run'] },
  /** Planned times that did not run because the last run still went on. */
  SkippedRuns: { codes: ['run-skipped'], by: RUNS, value: '$.count' },
  /** Timers that were lost before their time and made again. */
  LostTimers: { codes: ['timer-lost'], by: HEALERS },
  /** Timers that belonged to no job, and were removed. */
  SurplusTimers: { codes: ['timer-surplus'], by: HEALERS },
  /** Deliveries that were made again, since the first one led to nothing. */
  LostDeliveries: { codes: ['run-redelivered'], by: HEALERS },
  /** Deliveries that came twice, or whose time an edit had replaced. */
  DroppedDeliveries: { codes: ['delivery-ignored'], by: ['run'] },
  /** Versions of parameters that were not valid. */
  RejectedParameters: { codes: ['parameter-rejected'], by: ['registry', 'sync', 'setup', 'admin'] },
  /** Times that the bus did not take events. */
  LostEvents: { codes: ['events-lost'], by: ['registry', 'run', 'sync', 'setup', 'admin'] },
  /** Sweeps that came to their end. */
  Sweeps: { codes: ['sweep-done'], by: ['sync'] },
} as const satisfies Readonly<Record<string, Counted>>;

export type MetricName = keyof typeof COUNTED;

export class Metrics extends Construct {
  readonly #namespace: string;

  constructor(scope: Construct, id: string, { lambdas }: MetricsProps) {
    super(scope, id);
    this.#namespace = `cloudtab/${Stack.of(this).stackName}`;
    const counted: [string, Counted][] = Object.entries(COUNTED);
    for (const [name, { codes, by, value }] of counted) {
      for (const lambda of by) this.#count(`${name}-${lambda}`, name, lambdas[lambda].logGroup, codes, value);
    }
  }

  /** How many there were in each period. Without data when there were none. */
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
