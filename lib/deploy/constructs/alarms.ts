/**
 * The alarms: what a person has to know, and nothing that heals by itself. What each means and what to do about it is a
 * table in docs/logs-and-alarms.md, and in a line in the description of each.
 */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Metrics } from './metrics.ts';

export interface AlarmsProps {
  readonly metrics: Metrics;
  readonly deadLetters: IQueue;
  /** How often there should be a sweep. */
  readonly sweepEvery: Duration;
  /** ARNs of SNS topics that are told when an alarm starts and when it ends. */
  readonly alarmTopics: readonly string[];
}

/** So many sweeps may fail or be late before a person is told: one that fails is repeated by the next. */
const SWEEPS_LEFT_OUT = 3;

/** Periods of five minutes: a delivery that was lost once leads to a run when it is made again. */
const DELIVERIES_IN_VAIN = 3;

/** The longest period of an alarm. */
const DAY = Duration.days(1);

export class Alarms extends Construct {
  readonly #actions: readonly SnsAction[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const { metrics, deadLetters, sweepEvery, alarmTopics } = props;
    this.#actions = alarmTopics.map(
      (arn, index) => new SnsAction(Topic.fromTopicArn(this, `Topic${index}`, arn)),
    );
    this.#whenAny(
      'FailedRuns',
      metrics.metric('FailedRuns'),
      'A run failed, was refused by its runner, or its process died. "cloudtab logs UID" says why.',
    );
    this.#whenAny(
      'MissedRuns',
      metrics.metric('MissedRuns'),
      'A cron missed planned times that will not run. "cloudtab logs UID" says which and why.',
    );
    this.#whenAny(
      'LateRuns',
      metrics.metric('LateRuns'),
      'A run started more than 5 minutes after its time: its timer or its delivery was lost, or it waited.',
    );
    this.#whenAny(
      'RunsStandStill',
      metrics.metric('LostDeliveries'),
      'Planned times had to be delivered again for a quarter of an hour: nothing starts. See whether the run function is throttled.',
      DELIVERIES_IN_VAIN,
    );
    this.#whenAny(
      'DeadLetters',
      deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: Stats.MAXIMUM,
        period: Duration.minutes(5),
      }),
      'Something could not be delivered or handled at all: look into the dead-letter queue.',
    );
    this.#whenNone(
      'SweepStopped',
      metrics.metric('Sweeps', shortest(Duration.minutes(sweepEvery.toMinutes() * SWEEPS_LEFT_OUT), DAY)),
      'No sweep came to its end lately: what is lost now does not heal. Look at the lines of the sync function.',
    );
  }

  /** `periods`: for how many on end. */
  #whenAny(id: string, metric: IMetric, alarmDescription: string, periods = 1): void {
    this.#tell(
      new Alarm(this, id, {
        metric,
        alarmDescription,
        threshold: 1,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
    );
  }

  #whenNone(id: string, metric: IMetric, alarmDescription: string): void {
    this.#tell(
      new Alarm(this, id, {
        metric,
        alarmDescription,
        threshold: 1,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        // A sweep that does not run says nothing, so that silence is the alarm.
        treatMissingData: TreatMissingData.BREACHING,
      }),
    );
  }

  #tell(alarm: Alarm): void {
    alarm.addAlarmAction(...this.#actions);
    alarm.addOkAction(...this.#actions);
  }
}

function shortest(one: Duration, other: Duration): Duration {
  return one.toSeconds() < other.toSeconds() ? one : other;
}
