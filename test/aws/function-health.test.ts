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
import { LAMBDAS } from '../../lib/aws/environment.ts';
import { examineFunctions } from '../../lib/aws/function-health.ts';
import { awsError } from '../support/aws-error.ts';

const lambda = mockClient(LambdaClient);
const events = mockClient(EventBridgeClient);

const region = 'eu-west-1';
const functions = { registry: 'registry', sync: 'sync', run: 'run', admin: 'admin', setup: 'setup' };
const examine = () =>
  examineFunctions({
    lambda: new LambdaClient({ region }),
    events: new EventBridgeClient({ region }),
    functions,
  });

const RESTORE = 'Restore what was deleted with a drift-aware change set of CloudFormation.';
const ENABLE = { cure: `Enable the others in the Lambda console. ${RESTORE}` };

/** What GetFunction answers for that function; `found` replaces parts of a healthy answer. */
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
    .resolves({ RuleNames: ['sweep', 'restore'] })
    .on(DescribeRuleCommand)
    .resolves({ State: 'ENABLED' });
  lambda
    .on(ListEventSourceMappingsCommand)
    .resolves({})
    .on(ListEventSourceMappingsCommand, { FunctionName: 'arn-of-sync' })
    .resolves({ EventSourceMappings: [{ State: 'Enabled' }] });
});

it('a healthy deployment has no faults', async () => {
  expect(await examine()).toEqual([]);
});

it('a function that does not exist is reported', async () => {
  lambda
    .on(GetFunctionCommand, { FunctionName: 'setup' })
    .rejects(awsError('ResourceNotFoundException', 'gone'));
  expect(await examine()).toEqual([{ what: 'The setup function does not exist.', cure: RESTORE }]);
});

it('a function that is not active is reported with its state, and the reason if AWS gives one', async () => {
  answer('run', { Configuration: { State: 'Failed', StateReason: 'The image was deleted.' } });
  answer('admin', { Configuration: { State: 'Deactivated' } });
  const cure = 'Look at it in the Lambda console, then deploy again.';
  expect(await examine()).toEqual([
    { what: 'The run function is in the state Failed: The image was deleted.', cure },
    { what: 'The admin function is in the state Deactivated.', cure },
  ]);
});

it('a function whose last update failed is reported', async () => {
  answer('registry', { Configuration: { LastUpdateStatus: 'Failed' } });
  expect(await examine()).toEqual([
    { what: 'The last update of the registry function failed.', cure: 'Deploy again.' },
  ]);
});

it.each([
  [0, ['The run function does not run: its reserved concurrency is 0.']],
  [1, []],
])('a reserved concurrency of %d yields %j', async (ReservedConcurrentExecutions, expected) => {
  answer('run', { Concurrency: { ReservedConcurrentExecutions } });
  expect((await examine()).map(({ what }) => what)).toEqual(expected);
});

it('a disabled rule is reported', async () => {
  events.on(DescribeRuleCommand, { Name: 'sweep' }).resolves({ State: 'DISABLED' });
  expect(await examine()).toEqual([
    { what: '2 of the 3 triggers of the sync function are enabled.', ...ENABLE },
  ]);
});

it('a deleted rule is reported', async () => {
  events.on(ListRuleNamesByTargetCommand, { TargetArn: 'arn-of-registry' }).resolves({});
  expect(await examine()).toEqual([
    { what: '0 of the 1 triggers of the registry function are enabled.', ...ENABLE },
  ]);
});

it.each(['Disabled', 'Disabling'])('an event source mapping that is %s is reported', async (State) => {
  lambda
    .on(ListEventSourceMappingsCommand, { FunctionName: 'arn-of-sync' })
    .resolves({ EventSourceMappings: [{ State }] });
  expect(await examine()).toEqual([
    { what: '2 of the 3 triggers of the sync function are enabled.', ...ENABLE },
  ]);
});

it('a caller without permission gets an UnavailableError that names the function', async () => {
  lambda
    .on(GetFunctionCommand, { FunctionName: 'run' })
    .rejects(awsError('AccessDeniedException', 'not allowed'));
  await expect(examine()).rejects.toThrow(
    /^Cannot examine the function run: AWS answered AccessDeniedException: not allowed/,
  );
});
