/** Settings of a deployment for bundles that a test starts. */
import type { LambdaEnvironment } from '../../../lib/adapters/aws/environment.ts';

export const SETTINGS: LambdaEnvironment = {
  root: 'cloudtab',
  tableName: 'table',
  busName: 'bus',
  events: 'all',
  groupName: 'group',
  runFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
  runLogGroupName: 'lines',
  schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
  limitsId: 'limits-1',
  timezone: 'UTC',
  retentionDays: 90,
  sweepEverySeconds: 300,
  cronMetrics: false,
  heartbeat: false,
  codeVersion: 'code-1',
  targetOption: '--stack Shop',
  version: '1.2.3',
};
