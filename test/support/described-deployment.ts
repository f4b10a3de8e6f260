/** A deployment as AWS describes it: the outputs of its stack, and the configuration of its run Lambda. */

import { writeEnvironment } from '../../lib/adapters/aws/environment.ts';
import { OUTPUTS } from '../../lib/adapters/aws/outputs.ts';
import { FUNCTION_URL } from './function-url.ts';

export const RUN_ARN = 'arn:aws:lambda:eu-west-1:123456789012:function:run';

/** The answer of DescribeStacks; the value of each output but the URL is "the" and its key without its prefix. */
export function describedStack() {
  const Outputs = Object.values(OUTPUTS).map((OutputKey) => ({
    OutputKey,
    OutputValue: OutputKey === OUTPUTS.adminUrl ? FUNCTION_URL : OutputKey.replace('Cloudtab', 'the '),
  }));
  const StackId = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Cloudtab/1a2b';
  const stack = {
    StackName: 'Cloudtab',
    StackId,
    CreationTime: new Date(0),
    StackStatus: 'CREATE_COMPLETE' as const,
  };
  return { Stacks: [{ ...stack, Outputs }] };
}

/** The configuration of the run Lambda as the stack sets it. */
export function runSettings() {
  const settings = {
    root: 'cloudtab',
    tableName: 'table',
    busName: 'bus',
    events: 'all' as const,
    groupName: 'group',
    schedulerRoleArn: 'arn:aws:iam::123456789012:role/scheduler',
    deadLetterQueueArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
    retentionDays: 90,
    sweepEverySeconds: 300,
    cronMetrics: false,
    codeVersion: 'code-1',
    targetOption: '--stack Cloudtab',
    limitsId: 'limits-1',
  };
  return { FunctionArn: RUN_ARN, Environment: { Variables: writeEnvironment('run', settings) } };
}
