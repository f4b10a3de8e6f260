import { Duration } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { RunFunction, type RunFunctionProps } from '../../../lib/deploy/constructs/run-function.ts';
import { SetupFunction, type SetupFunctionProps } from '../../../lib/deploy/constructs/setup-function.ts';
import { SyncFunction } from '../../../lib/deploy/constructs/sync-function.ts';
import { PROJECT_PERMISSIONS, READ_PERMISSIONS } from './permissions.ts';
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
  readonly setup?: Partial<SetupFunctionProps>;
}

function setupAfterRun(choices: Choices = {}) {
  const stack = smallStack();
  const props = runProps(stack);
  const run = new RunFunction(stack, 'Run', { ...props, ...choices.run });
  const hours = Duration.hours(1);
  const sync = new SyncFunction(stack, 'Sync', { ...props, run, sweepEvery: hours, resyncEvery: hours });
  const setup = new SetupFunction(stack, 'Setup', {
    ...props,
    sync,
    sites: ['default', 'shop'],
    timezone: 'Europe/Paris',
    hasProfiles: false,
    after: [props.timers, run, sync],
    ...choices.setup,
  });
  return { setup, run, timers: props.timers, template: templateOf(stack) };
}

const { setup, run, timers, template } = setupAfterRun();

/** The logical id of the version of the setup Lambda. A new id makes a new version. */
function versionIn(from: Template): string | undefined {
  return Object.keys(from.findResources('AWS::Lambda::Version'))[0];
}

const PUT = [
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
];
const DELETE = PUT.map((permission) => permission.replace('Put', 'Delete'));

it('The setup Lambda runs once it exists and the constructs that it waits for', () => {
  const [trigger] = Object.values(template.findResources('Custom::Trigger'));
  expect(trigger?.Properties.HandlerArn).toEqual({ Ref: versionIn(template) });
  expect(trigger?.DependsOn).toEqual(
    expect.arrayContaining([timers.group, timers.role, run, setup].map(logicalId)),
  );
});

it('The setup Lambda runs again when the code or environment of a Lambda changes', () => {
  const versionOf = (choices?: Choices) => versionIn(setupAfterRun(choices).template);
  const version = versionOf();
  const otherHosts = { allowedHosts: ['a.example'], allowedFunctions: [], allowedUsers: [] };
  expect(versionOf()).toBe(version);
  expect(versionOf({ run: { concurrency: 9 } })).toBe(version);
  expect(versionOf({ run: { limits: otherHosts } })).not.toBe(version);
  expect(versionOf({ run: { code: Code.fromInline('// other') } })).not.toBe(version);
  expect(versionOf({ setup: { code: Code.fromInline('// other') } })).not.toBe(version);
});

it('The setup Lambda has the environment that it reads, and a fingerprint of the Lambdas', () => {
  expect(environmentOf(setup)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_ALLOWED_HOSTS: '["api.example.com"]',
    CLOUDTAB_ALLOWED_FUNCTIONS: '[]',
    CLOUDTAB_ALLOWED_USERS: '[]',
    CLOUDTAB_ALLOW_COMMANDS: 'false',
    CLOUDTAB_SYNC_FUNCTION_NAME: '<Sync>',
    CLOUDTAB_SITES: '["default","shop"]',
    CLOUDTAB_TIMEZONE: 'Europe/Paris',
    CLOUDTAB_CODE_VERSION: 'code-1',
    CLOUDTAB_DEPLOYMENT: expect.stringMatching(/^[0-9a-f]{16}$/),
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
    [...READ_PERMISSIONS, ...PROJECT_PERMISSIONS, resync, ...log, ...own].sort(),
  );
  expect(unexplainedWildcards(role)).toEqual([]);
});
