/** An environment with a value for every setting of every Lambda. */
export const ENVIRONMENT = {
  root: 'cloudtab',
  tableName: 'table',
  busName: 'bus',
  groupName: 'group',
  runFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
  runLogGroupName: 'lines',
  schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
  deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
  allowedHosts: [],
  allowedFunctions: [],
  allowedUsers: [],
  sites: ['default'],
  timezone: 'UTC',
};
