import {
  DescribeRuleCommand,
  EventBridgeClient,
  ListRuleNamesByTargetCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  LambdaClient,
  ListEventSourceMappingsCommand,
} from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { LAMBDAS } from '../../../lib/adapters/aws/environment.ts';
import { examineFunctions } from '../../../lib/adapters/aws/function-health.ts';
import { targetFinding } from '../../../lib/core/domain/finding.ts';
import { awsError } from '../../support/aws-error.ts';

const lambda = mockClient(LambdaClient);
const events = mockClient(EventBridgeClient);

const region = 'eu-west-1';
const functions = { registry: 'registry', sync: 'sync', run: 'run', admin: 'admin', setup: 'setup' };
const examine = () =>
  examineFunctions({
    lambda: new LambdaClient({ region }),
    events: new EventBridgeClient({ region }),
    functions,
    root: 'cloudtab',
  });

/** Lets GetFunction answer for that function; `found` replaces parts of a healthy answer. */
function answer(name: string, found: Partial<GetFunctionCommandOutput> = {}) {
  const Configuration = {
    FunctionArn: `arn-of-${name}`,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    ...found.Configuration,
  } as const;
  lambda.on(GetFunctionCommand, { FunctionName: name }).resolves({ ...found, Configuration });
}

beforeEach(() => {
  lambda.reset();
  events.reset();
  for (const name of LAMBDAS) answer(name);
  events
    .on(ListRuleNamesByTargetCommand, { TargetArn: 'arn-of-registry' })
    .resolves({ RuleNames: ['changes'] })
    .on(ListRuleNamesByTargetCommand, { TargetArn: 'arn-of-sync' })
    .resolves({ RuleNames: ['sweep', 'resync'] })
    .on(DescribeRuleCommand)
    .resolves({ State: 'ENABLED' });
  lambda
    .on(ListEventSourceMappingsCommand)
    .resolves({})
    .on(ListEventSourceMappingsCommand, { FunctionName: 'arn-of-sync' })
    .resolves({ EventSourceMappings: [{ State: 'Enabled' }] });
});

it('examineFunctions finds nothing wrong with a healthy deployment', async () => {
  expect(await examine()).toEqual([]);
});

it('examineFunctions reports a function that does not exist', async () => {
  lambda
    .on(GetFunctionCommand, { FunctionName: 'setup' })
    .rejects(awsError('ResourceNotFoundException', 'gone'));
  expect(await examine()).toEqual([
    {
      code: 'place',
      what: 'The setup function does not exist.',
      fix: 'Restore what was deleted with a drift-aware change set of CloudFormation.',
      fixable: false,
    },
  ]);
});

it('examineFunctions reports a function that is not active with its state, and with the reason if AWS gives one', async () => {
  answer('run', { Configuration: { State: 'Failed', StateReason: 'The image was deleted.' } });
  answer('setup', { Configuration: { State: 'Deactivated' } });
  const fix = 'Look at it in the Lambda console, then deploy again.';
  expect(await examine()).toEqual([
    targetFinding('The run function is in the state Failed: The image was deleted.', fix),
    targetFinding('The setup function is in the state Deactivated.', fix),
  ]);
});

it('examineFunctions reports a function whose last update failed', async () => {
  answer('registry', { Configuration: { LastUpdateStatus: 'Failed' } });
  expect(await examine()).toEqual([
    targetFinding('The last update of the registry function failed.', 'Deploy again.'),
  ]);
});

it.each([
  ['reports', 0, ['The run function does not run: its reserved concurrency is 0.']],
  ['accepts', 1, []],
])('examineFunctions %s a reserved concurrency of %d', async (_, ReservedConcurrentExecutions, expected) => {
  answer('run', { Concurrency: { ReservedConcurrentExecutions } });
  expect((await examine()).map(({ what }) => what)).toEqual(expected);
});

it('examineFunctions reports a disabled rule', async () => {
  events.on(DescribeRuleCommand, { Name: 'sweep' }).resolves({ State: 'DISABLED' });
  expect(await examine()).toEqual([
    targetFinding(
      '2 of the 3 triggers of the sync function are enabled.',
      'Enable the others in the Lambda console. Restore what was deleted with a drift-aware change set of CloudFormation.',
    ),
  ]);
});

it('examineFunctions reports a deleted rule', async () => {
  events.on(ListRuleNamesByTargetCommand, { TargetArn: 'arn-of-registry' }).resolves({});
  expect(await examine()).toMatchObject([
    { what: expect.stringMatching(/^0 of the 1 \w+ of the registry /) },
  ]);
});

it.each(['Disabled', 'Disabling'])(
  'examineFunctions reports an event source mapping in the state %s',
  async (State) => {
    lambda
      .on(ListEventSourceMappingsCommand, { FunctionName: 'arn-of-sync' })
      .resolves({ EventSourceMappings: [{ State }] });
    expect(await examine()).toMatchObject([{ what: expect.stringMatching(/^2 of the 3 \w+ of the sync /) }]);
  },
);

it('examineFunctions throws an UnavailableError that names the function when the caller lacks a permission', async () => {
  const cause = awsError('AccessDeniedException', 'not allowed');
  lambda.on(GetFunctionCommand, { FunctionName: 'run' }).rejects(cause);
  await expect(examine()).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot examine the function run: /),
    cause,
  });
});

it('A finding about the admin function says how a crontab is switched off without it', async () => {
  answer('admin', { Configuration: { State: 'Failed' } });
  const [finding] = await examine();
  expect(finding?.fix).toBe(
    'Look at it in the Lambda console, then deploy again. Meanwhile switch a crontab off by its parameter: ' +
      `aws ssm put-parameter --overwrite --name /cloudtab/SITE/crontab --value '{"activated": false}'`,
  );
});
