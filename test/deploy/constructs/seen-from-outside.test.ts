/** The metrics and alarms of a deployment. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Cloudtab } from '../../../lib/deploy/constructs/cloudtab.ts';
import { CloudtabStack } from '../../../lib/deploy/constructs/cloudtab-stack.ts';

const OPS = 'arn:aws:sns:eu-west-1:123456789012:ops';
const template = Template.fromStack(new CloudtabStack(new App(), 'Test'));

const filters = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(({ Properties }) => ({
  metric: Properties.MetricTransformations[0].MetricName as string,
  namespace: Properties.MetricTransformations[0].MetricNamespace as string,
  value: Properties.MetricTransformations[0].MetricValue as string,
  pattern: Properties.FilterPattern as string,
  lambda: (Properties.LogGroupName.Ref as string).replace(/^Cloudtab(\w+?)Logs\w+$/, '$1'),
}));

/** All string literals in the sources of these folders that have the form of a code. */
function codesIn(...folders: string[]): string[] {
  const texts = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => readFileSync(join(folder, file), 'utf8')),
  );
  return texts.flatMap((text) => [...text.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)].map(([, code = '']) => code));
}

describe('the metric filters', () => {
  it.each([
    ['FailedRuns', ['run-failed', 'run-refused', 'lease-expired'], ['Run', 'Setup', 'Sync'], '1'],
    ['ExpiredLeases', ['lease-expired'], ['Run', 'Setup', 'Sync'], '1'],
    ['MissedRuns', ['run-missed'], ['Run', 'Setup', 'Sync'], '$.count'],
    ['LateRuns', ['run-late'], ['Run'], '1'],
    ['SkippedRuns', ['run-skipped'], ['Run', 'Setup', 'Sync'], '$.count'],
    ['LostTimers', ['timer-lost'], ['Setup', 'Sync'], '1'],
    ['SurplusTimers', ['timer-surplus'], ['Setup', 'Sync'], '1'],
    ['LostDeliveries', ['run-redelivered'], ['Setup', 'Sync'], '1'],
    ['DroppedDeliveries', ['delivery-ignored'], ['Run'], '1'],
    ['RejectedParameters', ['parameter-rejected'], ['Admin', 'Registry', 'Setup', 'Sync'], '1'],
    ['LostEvents', ['events-lost'], ['Admin', 'Registry', 'Run', 'Setup', 'Sync'], '1'],
    ['Sweeps', ['sweep-done'], ['Sync'], '1'],
  ])(
    'The metric %s counts log lines with one of the codes %j in the logs of %j',
    (metric, codes, lambdas, value) => {
      const terms = codes.map((code) => `$.code = "${code}"`);
      const pattern =
        terms.length === 1 ? `{ ${terms[0]} }` : `{ ${terms.map((one) => `(${one})`).join(' || ')} }`;
      const found = filters.filter((one) => one.metric === metric);
      expect(found.map(({ lambda }) => lambda).sort()).toEqual(lambdas);
      for (const one of found) expect(one).toMatchObject({ pattern, value, namespace: 'cloudtab/Test' });
    },
  );

  it('The handlers write every code that a metric filter counts', () => {
    const written = new Set(codesIn('lib/core/engine'));
    const counted = filters.flatMap(({ pattern }) =>
      [...pattern.matchAll(/"([^"]+)"/g)].map(([, code]) => code),
    );
    expect(counted.length).toBeGreaterThan(0);
    expect(counted.filter((code) => !written.has(code ?? ''))).toEqual([]);
  });
});

describe('the alarms', () => {
  const alarms = (from: Template) => from.findResources('AWS::CloudWatch::Alarm');

  it.each(['FailedRuns', 'MissedRuns', 'LateRuns'])(
    'A single count of the metric %s within five minutes raises an alarm',
    (MetricName) => {
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'cloudtab/Test',
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

  it('An alarm is raised when occurrences are redelivered for 15 minutes', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'cloudtab/Test',
      MetricName: 'LostDeliveries',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    });
  });

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
    [Duration.minutes(5), 900],
    [Duration.minutes(1), 180],
    [Duration.hours(12), 86_400],
  ])('With sweepEvery %s, an alarm is raised when no sweep has completed for %i s', (sweepEvery, Period) => {
    const stack = Template.fromStack(new CloudtabStack(new App(), 'Test', { sweepEvery }));
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      Namespace: 'cloudtab/Test',
      MetricName: 'Sweeps',
      Statistic: 'Sum',
      Period,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('Alarms have no action when the deployment names no topic', () => {
    expect(Object.keys(alarms(template))).toHaveLength(6);
    for (const { Properties } of Object.values(alarms(template))) {
      expect(Properties).not.toHaveProperty('AlarmActions');
      expect(Properties.AlarmDescription).toMatch(/\.$/);
    }
  });

  it('Alarms notify the topics of the deployment when they start and when they end', () => {
    const stack = Template.fromStack(
      new CloudtabStack(new App(), 'Test', { alarmTopics: [OPS, `${OPS}-night`] }),
    );
    for (const { Properties } of Object.values(alarms(stack))) {
      expect(Properties.AlarmActions).toEqual([OPS, `${OPS}-night`]);
      expect(Properties.OKActions).toEqual([OPS, `${OPS}-night`]);
    }
  });

  it('Alarms notify a topic of the same stack', () => {
    const stack = new Stack(new App(), 'Mine');
    const topic = new Topic(stack, 'Topic');
    new Cloudtab(stack, 'Cloudtab', { alarmTopics: [topic.topicArn] });
    for (const { Properties } of Object.values(alarms(Template.fromStack(stack)))) {
      expect(Properties.AlarmActions).toEqual([{ Ref: expect.stringMatching(/^Topic/) }]);
    }
  });
});
