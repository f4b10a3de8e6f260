import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { LAMBDAS, readEnvironment } from '../../lib/aws/environment.ts';
import { examineLambdas } from '../../lib/aws/lambda-health.ts';
import { awsError } from '../support/aws-error.ts';
import { RUN_ARN, runSettings } from '../support/run-settings.ts';

const lambda = mockClient(LambdaClient);
const iam = mockClient(IAMClient);

const functions = { registry: 'registry', sync: 'sync', run: 'run', admin: 'admin', setup: 'setup' };
const settings = { ...readEnvironment('run', runSettings().Environment.Variables), runFunctionArn: RUN_ARN };
const examine = () =>
  examineLambdas({ lambda: new LambdaClient({}), iam: new IAMClient({}), functions, settings });

/** What was asked of a role: actions, and on what. */
function asked(role: string): string[] {
  return iam
    .commandCalls(SimulatePrincipalPolicyCommand)
    .map(({ args: [{ input }] }) => input)
    .filter(({ PolicySourceArn }) => PolicySourceArn === role)
    .map(({ ActionNames, ResourceArns }) => `${ActionNames} on ${ResourceArns}`);
}

beforeEach(() => {
  lambda.reset();
  iam.reset();
  for (const name of LAMBDAS) {
    const LoggingConfig = { LogGroup: `lines-of-${name}` };
    lambda
      .on(GetFunctionConfigurationCommand, { FunctionName: name })
      .resolves({ Role: `role-of-${name}`, State: 'Active', LastUpdateStatus: 'Successful', LoggingConfig });
  }
  iam.on(SimulatePrincipalPolicyCommand).callsFake(({ ActionNames }) => ({
    EvaluationResults: ActionNames.map((EvalActionName: string) => ({
      EvalActionName,
      EvalDecision: 'allowed',
    })),
  }));
});

it('nothing is wrong when each can run and may do what it has to', async () => {
  expect(await examine()).toEqual([]);
  expect(asked('role-of-registry').sort()).toEqual([
    'dynamodb:GetItem,dynamodb:PutItem on arn:aws:dynamodb:eu-west-1:123456789012:table/table',
    'events:PutEvents on arn:aws:events:eu-west-1:123456789012:event-bus/bus',
    'logs:CreateLogStream,logs:PutLogEvents on arn:aws:logs:eu-west-1:123456789012:log-group:lines-of-registry:*',
    'sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:dead',
    ...['crons/*', 'crontab'].map(
      (name) =>
        'ssm:GetParameter,ssm:GetParameterHistory,ssm:LabelParameterVersion,ssm:UnlabelParameterVersion on ' +
        `arn:aws:ssm:eu-west-1:123456789012:parameter/cloudtab/*/${name}`,
    ),
  ]);
  expect(asked(settings.schedulerRoleArn)).toEqual([
    `lambda:InvokeFunction on ${RUN_ARN}`,
    'sqs:SendMessage on arn:aws:sqs:eu-west-1:123456789012:dead',
  ]);
});

it('a function that cannot run, or was not updated, is named', async () => {
  lambda
    .on(GetFunctionConfigurationCommand, { FunctionName: 'run' })
    .resolves({ State: 'Failed', StateReason: 'no image', LastUpdateStatus: 'Failed' })
    .on(GetFunctionConfigurationCommand, { FunctionName: 'sync' })
    .resolves({ State: 'Failed' });
  expect(await examine()).toEqual([
    { what: 'The sync function cannot run: Failed.', cure: 'Deploy again; the Lambda console says more.' },
    { what: 'The run function cannot run: no image.', cure: 'Deploy again; the Lambda console says more.' },
    {
      what: 'The last update of the run function failed.',
      cure: 'Deploy again; the Lambda console says more.',
    },
  ]);
});

it('what a role may not do is told, and whether a policy denies it', async () => {
  const arn = 'arn:aws:events:eu-west-1:123456789012:event-bus/bus';
  iam
    .on(SimulatePrincipalPolicyCommand, { PolicySourceArn: 'role-of-admin', ResourceArns: [arn] })
    .resolves({ EvaluationResults: [{ EvalActionName: 'events:PutEvents', EvalDecision: 'explicitDeny' }] })
    .on(SimulatePrincipalPolicyCommand, {
      PolicySourceArn: settings.schedulerRoleArn,
      ResourceArns: [RUN_ARN],
    })
    .resolves({
      EvaluationResults: [{ EvalActionName: 'lambda:InvokeFunction', EvalDecision: 'implicitDeny' }],
    });
  const rest = "If it stays, look for a boundary or an organisation's policy.";
  expect(await examine()).toEqual([
    {
      what: `The admin function may not do what it has to: events:PutEvents on ${arn} (a policy denies it).`,
      cure: `Deploy again, or give the role role-of-admin back what is missing. ${rest}`,
    },
    {
      what: `EventBridge Scheduler may not do what it has to: lambda:InvokeFunction on ${RUN_ARN}.`,
      cure: `Deploy again, or give the role ${settings.schedulerRoleArn} back what is missing. ${rest}`,
    },
  ]);
});

it('a caller who may not ask is told so', async () => {
  iam.on(SimulatePrincipalPolicyCommand).rejects(awsError('AccessDeniedException', 'no'));
  await expect(examine()).rejects.toThrow(/^Cannot ask what \S+ may do: AWS answered AccessDeniedException/);
});
