// cspell:ignore exämple exmple
import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { withDefaults } from '../../../lib/deploy/constructs/cloudtab-props.ts';
import { smallStack } from './small-stack.ts';

it('withDefaults retains data and allows no host, function, user or command by default', () => {
  const props = withDefaults({ root: undefined }, 'Cloudtab');
  expect(props).toMatchObject({
    root: 'cloudtab',
    sites: ['default'],
    timezone: 'UTC',
    limits: {},
    alarmTopics: [],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  expect(props.sweepEvery.toMinutes()).toBe(5);
  expect(props.resyncEvery.toMinutes()).toBe(60);
  expect(props.recordRetention.toDays()).toBe(90);
});

it('withDefaults rejects invalid settings with all problems at once', () => {
  const props = {
    root: 'aws/x',
    sites: ['good', 'Not Good'],
    runners: 'no/such/folder',
    timezone: 'Europe/Atlantis',
    limits: { shop: { allowedHosts: ['api.example.com', 'https://api.example.com/v1'] } },
    alarmTopics: ['ops'],
    events: 'some' as 'all',
    sweepEvery: Duration.days(2),
    recordRetention: Duration.days(401),
    runConcurrency: 0,
    tableStreamArn: 'Kept',
  };
  expect(() => withDefaults(props, 'Cloudtab')).toThrow(
    new ConfigurationError(
      'The deployment cannot be made. ' +
        'root: got "aws/x", wanted 1 to 64 letters, digits, dots, underscores and dashes, not beginning with aws or ssm. ' +
        'sites: got "Not Good", wanted 1 to 16 lower-case letters, digits and dashes each. ' +
        'runners: got "no/such/folder", wanted the path of a folder with a file for each runner. ' +
        'timezone: got "Europe/Atlantis", wanted the IANA name of a time zone such as Europe/Paris. ' +
        'limits.shop.allowedHosts: got "https://api.example.com/v1", wanted a host without a path, such as api.example.com, *.example.com, localhost:8080 or 10.0.0.0/8. ' +
        'Write a host without a path, such as api.example.com, *.example.com, localhost:8080 or 10.0.0.0/8. ' +
        'alarmTopics: got "ops", wanted the ARN of an SNS topic such as arn:aws:sns:eu-west-1:123456789012:ops. ' +
        'events: got "some", wanted all or failures. ' +
        'sweepEvery: got 2 days, wanted a day at most: what is lost waits for it. ' +
        'runConcurrency: got 0, wanted a whole number of at least 1. ' +
        'recordRetention: got 401 days, wanted 0 to 400 whole days. ' +
        'tableStreamArn: got "Kept", wanted the ARN of the stream of a table, as "aws dynamodb describe-table" prints it in LatestStreamArn.',
    ),
  );
});

it('withDefaults writes allowed hosts as URLs have them, and keeps those that are known only at deployment', () => {
  const token = Lazy.string({ produce: () => 'later.example.com' });
  const allowedHosts = ['*', 'http://Old.example.com:*', '*.exämple.com', '10.0.0.0/8', token];
  expect(withDefaults({ limits: { shop: { allowedHosts } } }, 'Cloudtab').limits).toEqual({
    shop: {
      allowedHosts: ['*', 'http://old.example.com:*', '*.xn--exmple-cua.com', '10.0.0.0/8', token],
    },
  });
});

it('withDefaults rejects limits that an event and the catalogue cannot carry', () => {
  const limits = (count: number) => {
    const allowedHosts = Array.from({ length: count }, (_, number) => `host-${number}.example.com`);
    return { shop: { allowedHosts } };
  };
  expect(withDefaults({ limits: limits(3_000) }, 'Cloudtab').limits).toEqual(limits(3_000));
  expect(() => withDefaults({ limits: limits(5_000) }, 'Cloudtab')).toThrow(
    /limits: got 1\d{5} bytes of JSON, wanted 100000 at most\. Use prefixes such as reports-\*, and "\*" for what all sites may reach\./,
  );
});

it('withDefaults accepts as many topics as an alarm has actions', () => {
  const topics = (count: number) => Array<string>(count).fill('arn:aws:sns:eu-west-1:123456789012:ops');
  expect(withDefaults({ alarmTopics: topics(5) }, 'Cloudtab').alarmTopics).toHaveLength(5);
  expect(() => withDefaults({ alarmTopics: topics(6) }, 'Cloudtab')).toThrow(
    'alarmTopics: got 6 topics, wanted 5 at most.',
  );
});

it.each([0, 1, 400])('withDefaults accepts a retention of %i days', (days) => {
  expect(withDefaults({ recordRetention: Duration.days(days) }, 'Cloudtab').recordRetention.toDays()).toBe(
    days,
  );
});

it('withDefaults rejects a retention that is no whole number of days', () => {
  expect(() => withDefaults({ recordRetention: Duration.hours(36) }, 'Cloudtab')).toThrow(
    'recordRetention: got',
  );
});

it('withDefaults accepts the ARN of a topic in the same stack', () => {
  const { topicArn } = new Topic(smallStack(), 'Topic');
  expect(withDefaults({ alarmTopics: [topicArn] }, 'Cloudtab').alarmTopics).toEqual([topicArn]);
});

it.each([
  [{}, 'Staging'],
  [{ root: 'own' }, 'own'],
])('The root of %j in the stack Staging is %s', (props, root) => {
  expect(withDefaults(props, 'Staging').root).toBe(root);
});
