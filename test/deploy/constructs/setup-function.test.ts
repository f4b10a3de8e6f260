import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { Access, type AccessGrant } from '../../../lib/deploy/constructs/access.ts';
import { RunFunction, type RunFunctionProps } from '../../../lib/deploy/constructs/run-function.ts';
import { SetupFunction, type SetupFunctionProps } from '../../../lib/deploy/constructs/setup-function.ts';
import { SyncFunction } from '../../../lib/deploy/constructs/sync-function.ts';
import { PROJECT_PERMISSIONS, READ_PERMISSIONS, SECRET_DENIAL } from './permissions.ts';
import {
  environmentOf,
  logicalId,
  permissionsOf,
  runProps,
  smallStack,
  templateOf,
  unexplainedWildcards,
} from './small-stack.ts';

interface Choices {
  readonly run?: Partial<RunFunctionProps>;
  readonly setup?: Partial<Pick<SetupFunctionProps, 'code' | 'hasProfiles'>>;
  readonly grants?: readonly AccessGrant[];
}

function setupAfterRun(choices: Choices = {}) {
  const stack = smallStack();
  const props = runProps(stack);
  const run = new RunFunction(stack, 'Run', { ...props, ...choices.run });
  const hours = Duration.hours(1);
  const sync = new SyncFunction(stack, 'Sync', { ...props, run, sweepEvery: hours, resyncEvery: hours });
  const access = new Access(stack, 'Access', { grants: choices.grants ?? [], sites: ['shop'] });
  const setup = new SetupFunction(stack, 'Setup', {
    ...props,
    sync,
    sites: ['default', 'shop'],
    timezone: 'Europe/Paris',
    hasProfiles: false,
    access,
    after: [props.timers, run, sync],
    ...choices.setup,
  });
  return { setup, access, run, timers: props.timers };
}

const { setup, run, timers } = setupAfterRun();

/** The custom resource that runs setup when its properties change. */
function deploymentOf(setup: SetupFunction) {
  const [deployment] = Object.values(templateOf(setup).findResources('Custom::CloudtabSetup'));
  return deployment;
}

const PUT = [
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
];
const DELETE = PUT.map((permission) => permission.replace('Put', 'Delete'));

it('The setup Lambda runs once it exists and the constructs that it waits for', () => {
  const { Properties, DependsOn } = deploymentOf(setup) ?? {};
  expect(Properties).toEqual({
    ServiceToken: { 'Fn::GetAtt': [logicalId(setup), 'Arn'] },
    ServiceTimeout: '660',
    code: expect.stringMatching(/^[0-9a-f]{16}$/),
    access: [],
  });
  expect(DependsOn).toEqual(expect.arrayContaining([timers.group, timers.role, run, setup].map(logicalId)));
});

it('A run of setup that fails is not repeated after CloudFormation has given up', () => {
  templateOf(setup).hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId(setup) },
    MaximumRetryAttempts: 0,
  });
});

it('The setup Lambda runs again when the code or environment of a Lambda changes', () => {
  const codeOf = (choices?: Choices) => deploymentOf(setupAfterRun(choices).setup)?.Properties.code;
  const code = codeOf();
  const otherHosts = { '*': { allowedHosts: ['a.example'] } };
  expect(codeOf()).toBe(code);
  expect(codeOf({ run: { concurrency: 9 } })).toBe(code);
  expect(codeOf({ run: { limits: otherHosts } })).not.toBe(code);
  expect(codeOf({ run: { code: Code.fromInline('// other') } })).not.toBe(code);
  expect(codeOf({ setup: { code: Code.fromInline('// other') } })).not.toBe(code);
});

it('The setup Lambda gets the roles in a property, also those that are added after it', () => {
  const grant: AccessGrant = { principal: '*', role: 'editor' };
  const { setup, access } = setupAfterRun({ grants: [grant] });
  const role = new Role(Stack.of(setup), 'Ops', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  access.add({ principal: role, role: 'operator', sites: ['shop'] });
  expect(deploymentOf(setup)?.Properties.access).toEqual([
    grant,
    { principal: { 'Fn::GetAtt': [logicalId(role), 'Arn'] }, role: 'operator', sites: ['shop'] },
  ]);
});

it('The setup Lambda has the environment that it reads', () => {
  expect(environmentOf(setup)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_LIMITS: '{"*":{"allowedHosts":["api.example.com"]}}',
    CLOUDTAB_SYNC_FUNCTION_NAME: '<Sync>',
    CLOUDTAB_SITES: '["default","shop"]',
    CLOUDTAB_TIMEZONE: 'Europe/Paris',
    CLOUDTAB_CODE_VERSION: 'code-1',
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it.each([
  ['without profiles', false, PUT],
  ['with profiles, which may remove crons,', true, [...PUT, ...DELETE]],
])('The setup Lambda %s has exactly the permissions that it needs', (_, hasProfiles, own) => {
  const { role } = setupAfterRun({ setup: { hasProfiles } }).setup;
  const log = ['logs:CreateLogStream <SetupLogs.Arn>', 'logs:PutLogEvents <SetupLogs.Arn>'];
  const resync = 'lambda:InvokeFunction <Sync.Arn>';
  expect(permissionsOf(role)).toEqual(
    [...READ_PERMISSIONS, ...PROJECT_PERMISSIONS, SECRET_DENIAL, resync, ...log, ...own].sort(),
  );
  expect(unexplainedWildcards(role)).toEqual([]);
});
