import { Duration } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { CloudtabFunction, commonEnvironment } from '../../../lib/deploy/constructs/cloudtab-function.ts';
import { grantResync, resyncEnvironment } from '../../../lib/deploy/constructs/grant-resync.ts';
import { RESYNC_PERMISSIONS } from './resync-permissions.ts';
import {
  lambdaProps,
  permissionsOf,
  smallStack,
  timersWithDeadLetters,
  unexplainedWildcards,
} from './small-stack.ts';

const stack = smallStack();
const { timers, deadLetters } = timersWithDeadLetters(stack);
const common = lambdaProps(stack);
const newLambda = (id: string) =>
  new CloudtabFunction(stack, id, {
    ...common,
    description: 'any',
    environment: {},
    timeout: Duration.seconds(3),
  });
const run = newLambda('Run');
const props = { ...common, timers, run };
const lambda = newLambda('Any');
grantResync(lambda, props);
const permissions = permissionsOf(lambda.role);

it('The grant lets a Lambda resync and nothing else, with a reason for each wildcard', () => {
  expect(permissions).toEqual(
    [...RESYNC_PERMISSIONS, 'logs:CreateLogStream <AnyLogs.Arn>', 'logs:PutLogEvents <AnyLogs.Arn>'].sort(),
  );
  expect(unexplainedWildcards(lambda.role)).toEqual([]);
});

it('The environment names what the resync needs beside the common variables: timers and run Lambda', () => {
  expect(stack.resolve(resyncEnvironment(props))).toEqual(
    stack.resolve({
      ...commonEnvironment(props),
      groupName: timers.group.scheduleGroupName,
      schedulerRoleArn: timers.role.roleArn,
      deadLetterQueueArn: deadLetters.queueArn,
      runFunctionArn: run.functionArn,
    }),
  );
});
