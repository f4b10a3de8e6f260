/** The configuration of a run Lambda, as Lambda returns it. */
import { writeEnvironment } from '../../lib/adapters/aws/environment.ts';

export const RUN_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:run';

/** The configuration as the stack sets it; `limits` are those of the deployment. */
export function runSettings(limits: { readonly allowedHosts?: readonly string[] } = {}) {
  const settings = {
    root: 'cloudtab',
    tableName: 'table',
    busName: 'bus',
    groupName: 'group',
    schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
    allowedHosts: [],
    allowedFunctions: [],
    allowedUsers: [],
    ...limits,
  };
  return { FunctionArn: RUN_ARN, Environment: { Variables: writeEnvironment('run', settings) } };
}
