import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { Access, type AccessGrant } from '../../../lib/deploy/constructs/access.ts';
import { Deployment } from '../../../lib/deploy/constructs/deployment.ts';
import { RunFunction, type RunFunctionProps } from '../../../lib/deploy/constructs/run-function.ts';
import { SetupFunction } from '../../../lib/deploy/constructs/setup-function.ts';
import { SyncFunction } from '../../../lib/deploy/constructs/sync-function.ts';
import { logicalId, permissionsOf, runProps, smallStack, templateOf } from './small-stack.ts';

interface Choices {
  readonly run?: Partial<RunFunctionProps>;
  readonly setupCode?: Code;
  readonly grants?: readonly AccessGrant[];
}

function deploymentAfterRun({ run: runChoices, setupCode, grants = [] }: Choices = {}) {
  const stack = smallStack();
  const props = runProps(stack);
  const run = new RunFunction(stack, 'Run', { ...props, ...runChoices });
  const hours = Duration.hours(1);
  const sync = new SyncFunction(stack, 'Sync', {
    ...props,
    run,
    sweepEvery: hours,
    resyncEvery: hours,
    heartbeat: false,
  });
  const access = new Access(stack, 'Access', { grants, sites: ['shop'] });
  const setup = new SetupFunction(stack, 'Setup', {
    ...props,
    ...(setupCode && { code: setupCode }),
    timezone: 'UTC',
    hasProfiles: false,
  });
  const { timers, limitsId } = props;
  new Deployment(stack, 'Deployment', {
    setup,
    sync,
    sites: ['default', 'shop'],
    limitsId,
    access,
    after: [timers, run, sync],
  });
  return { setup, access, run, sync, timers };
}

const { setup, run, sync, timers } = deploymentAfterRun();

/** The custom resource that runs setup when its properties change. */
function resourceOf(setup: SetupFunction) {
  const [resource] = Object.values(templateOf(setup).findResources('Custom::CloudtabSetup'));
  return resource;
}

it('Setup runs once the setup Lambda exists and the constructs that it waits for, with what the deployment chose', () => {
  const { Properties, DependsOn } = resourceOf(setup) ?? {};
  expect(Properties).toEqual({
    ServiceToken: { 'Fn::GetAtt': [logicalId(setup), 'Arn'] },
    ServiceTimeout: '660',
    code: expect.stringMatching(/^[0-9a-f]{16}$/),
    sites: ['default', 'shop'],
    limitsId: 'limits-1',
    access: [],
    syncFunctionName: { Ref: logicalId(sync) },
  });
  expect(DependsOn).toEqual(expect.arrayContaining([timers.group, timers.role, run, setup].map(logicalId)));
});

it('Setup may have the sync Lambda resync before it runs', () => {
  expect(permissionsOf(setup.role)).toContain('lambda:InvokeFunction <Sync.Arn>');
  expect(resourceOf(setup)?.DependsOn).toContainEqual(expect.stringMatching(/^DeploymentResync/));
});

it('Setup runs again when the code or environment of a Lambda changes', () => {
  const codeOf = (choices?: Choices) => resourceOf(deploymentAfterRun(choices).setup)?.Properties.code;
  const code = codeOf();
  expect(codeOf()).toBe(code);
  expect(codeOf({ run: { concurrency: 9 } })).toBe(code);
  expect(codeOf({ run: { events: 'failures' } })).not.toBe(code);
  expect(codeOf({ run: { code: Code.fromInline('// other') } })).not.toBe(code);
  expect(codeOf({ setupCode: Code.fromInline('// other') })).not.toBe(code);
});

it('Setup gets the roles in a property, also those that are added later', () => {
  const grant: AccessGrant = { principal: '*', role: 'editor' };
  const { setup, access } = deploymentAfterRun({ grants: [grant] });
  const role = new Role(Stack.of(setup), 'Ops', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  access.add({ principal: role, role: 'operator', sites: ['shop'] });
  expect(resourceOf(setup)?.Properties.access).toEqual([
    grant,
    { principal: { 'Fn::GetAtt': [logicalId(role), 'Arn'] }, role: 'operator', sites: ['shop'] },
  ]);
});
