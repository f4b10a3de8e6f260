/**
 * The alarms of a deployment: one for each condition that an operator must handle, none for those that the next sweep
 * repairs. The description of each says what to do about it; docs/logs-and-alarms.md has them as a table.
 */
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Metrics } from './metrics.ts';

export interface AlarmsProps {
  /** The metrics of the deployment. */
  readonly metrics: Metrics;
  /** The queue in which a message raises an alarm. */
  readonly deadLetters: IQueue;
  /** The function that sweeps. */
  readonly sync: IFunction;
  /** The interval of the sweep, for example `Duration.minutes(5)`. */
  readonly sweepEvery: Duration;
  /**
   * ARNs of SNS topics that are notified when an alarm starts and when it ends, for example
   * `['arn:aws:sns:eu-west-1:123456789012:ops']`.
   */
  readonly alarmTopics: readonly string[];
}

/** Sweep intervals without a sweep that raise the alarm: the next sweep makes up for a single late one. */
const MISSED_SWEEPS = 3;

/**
 * Sweeps with redeliveries, of the latest ones, that raise the alarm. The redelivery of a single lost delivery leads to a run,
 * and the sweep pauses ever longer between the redeliveries of one occurrence.
 */
const REDELIVERIES = { datapointsToAlarm: 3, evaluationPeriods: 6 };

/** The longest period of an alarm: a day. */
const MAX_MINUTES = 24 * 60;

export class Alarms extends Construct {
  readonly failedRuns: Alarm;
  readonly missedRuns: Alarm;
  readonly runsStandStill: Alarm;
  readonly deadLetters: Alarm;
  readonly sweepStopped: Alarm;
  readonly #actions: readonly SnsAction[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { metrics, deadLetters, sync, sweepEvery, alarmTopics } = props;
    this.#actions = alarmTopics.map(
      (arn, index) => new SnsAction(Topic.fromTopicArn(this, `Topic${index}`, arn)),
    );
    this.failedRuns = this.#whenAny(
      'FailedRuns',
      metrics.metric('FailedRuns'),
      'A run failed, its runner refused it, or its process died. For the reason, run: cloudtab runs UID.',
    );
    this.missedRuns = this.#whenAny(
      'MissedRuns',
      metrics.metric('MissedRuns'),
      'A cron missed planned times that will not run. For the times and the reason, run: cloudtab runs UID.',
    );
    this.runsStandStill = this.#whenAny(
      'RunsStandStill',
      metrics.metric('LostDeliveries', Duration.minutes(Math.max(sweepEvery.toMinutes(), 5))),
      'Sweeps redeliver occurrences again and again: no run starts. Check whether the run function is throttled.',
      REDELIVERIES,
    );
    this.deadLetters = this.#whenAny(
      'DeadLetters',
      deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      'An event or a delivery failed after all retries. Read the messages in the dead-letter queue.',
    );
    this.sweepStopped = this.#add('SweepStopped', {
      // A sweep that fails is a dead letter. AWS charges nothing for this metric.
      metric: sync.metricInvocations({
        period: Duration.minutes(Math.min(sweepEvery.toMinutes() * MISSED_SWEEPS, MAX_MINUTES)),
      }),
      alarmDescription:
        'No sweep has started lately, so lost timers and deliveries are not repaired. Check the rule and the throttles of the sync function.',
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      // A function that is not invoked has no data.
      treatMissingData: TreatMissingData.BREACHING,
    });
  }

  /** Alarms when the metric counts anything in so many of the latest periods. */
  #whenAny(
    id: string,
    metric: IMetric,
    alarmDescription: string,
    periods: Pick<AlarmProps, 'datapointsToAlarm' | 'evaluationPeriods'> = { evaluationPeriods: 1 },
  ): Alarm {
    return this.#add(id, {
      metric,
      alarmDescription,
      ...periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  #add(id: string, props: Omit<AlarmProps, 'threshold'>): Alarm {
    const alarm = new Alarm(this, id, { ...props, threshold: 1 });
    alarm.addAlarmAction(...this.#actions);
    alarm.addOkAction(...this.#actions);
    return alarm;
  }
}
