import { Duration, type Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Function as Lambda } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { Alarms, type AlarmsProps } from '../../../lib/deploy/constructs/alarms.ts';
import { DeadLetterQueue } from '../../../lib/deploy/constructs/dead-letter-queue.ts';
import { logicalId, newMetrics, smallStack, templateOf } from './small-stack.ts';

const OPS = 'arn:aws:sns:eu-west-1:123456789012:ops';

/** The template of the stack with alarms in it. */
function withAlarms(props: Partial<AlarmsProps> = {}, stack: Stack = smallStack()): Template {
  new Alarms(stack, 'Alarms', {
    metrics: newMetrics(stack),
    deadLetters: new DeadLetterQueue(stack, 'DeadLetters'),
    sync: Lambda.fromFunctionName(stack, 'Sweeper', 'sync'),
    sweepEvery: Duration.minutes(5),
    alarmTopics: [],
    ...props,
  });
  return templateOf(stack);
}

const template = withAlarms();

const alarmsOf = (from: Template) =>
  Object.values(from.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

it.each(['FailedRuns', 'MissedRuns'])(
  'A single count of the metric %s within five minutes raises an alarm',
  (MetricName) => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'cloudtab/test',
      MetricName,
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  },
);

it.each([
  [1, 300],
  [5, 300],
  [10, 600],
  [15, 900],
])(
  'With a sweep every %i minutes, three redeliveries within six periods of %i s raise an alarm',
  (minutes, Period) => {
    withAlarms({ sweepEvery: Duration.minutes(minutes) }).hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'cloudtab/test',
      MetricName: 'LostDeliveries',
      Period,
      EvaluationPeriods: 6,
      DatapointsToAlarm: 3,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  },
);

it('An alarm is raised by a dead letter', () => {
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [
      { Name: 'QueueName', Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('DeadLetters'), 'QueueName'] } },
    ],
    Statistic: 'Maximum',
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
});

it.each([
  [Duration.minutes(1), 180],
  [Duration.minutes(5), 900],
  [Duration.minutes(10), 1_800],
  [Duration.minutes(15), 2_700],
  [Duration.hours(12), 86_400],
])('With sweepEvery %s, an alarm is raised when no sweep has started for %i s', (sweepEvery, Period) => {
  withAlarms({ sweepEvery }).hasResourceProperties('AWS::CloudWatch::Alarm', {
    Namespace: 'AWS/Lambda',
    MetricName: 'Invocations',
    Statistic: 'Sum',
    Period,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
  });
});

it('Alarms have no action when the deployment names no topic', () => {
  const alarms = alarmsOf(template);
  expect(alarms).toHaveLength(5);
  for (const alarm of alarms) {
    expect(alarm).not.toHaveProperty('AlarmActions');
    expect(alarm.AlarmDescription).toMatch(/\.$/);
  }
});

it('Alarms notify the topics of the deployment when they start and when they end', () => {
  const alarms = alarmsOf(withAlarms({ alarmTopics: [OPS, `${OPS}-night`] }));
  expect(alarms).toHaveLength(5);
  for (const { AlarmActions, OKActions } of alarms) {
    expect(AlarmActions).toEqual([OPS, `${OPS}-night`]);
    expect(OKActions).toEqual([OPS, `${OPS}-night`]);
  }
});

it('Alarms notify a topic of the same stack', () => {
  const stack = smallStack();
  const topic = new Topic(stack, 'Topic');
  const alarms = alarmsOf(withAlarms({ alarmTopics: [topic.topicArn] }, stack));
  expect(alarms).toHaveLength(5);
  for (const { AlarmActions } of alarms) expect(AlarmActions).toEqual([{ Ref: logicalId(topic) }]);
});
