import { expect, it } from 'vitest';
import { SetupFunction } from '../../../lib/deploy/constructs/setup-function.ts';
import { PROJECT_PERMISSIONS, READ_PERMISSIONS, SECRET_DENIAL } from './permissions.ts';
import {
  environmentOf,
  lambdaProps,
  logicalId,
  permissionsOf,
  smallStack,
  templateOf,
  unexplainedWildcards,
} from './small-stack.ts';

function setupFunction(hasProfiles = false) {
  const stack = smallStack();
  return new SetupFunction(stack, 'Setup', {
    ...lambdaProps(stack),
    timezone: 'Europe/Paris',
    codeVersion: 'code-1',
    hasProfiles,
  });
}

const setup = setupFunction();

const PUT = [
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
  'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
];
const DELETE = PUT.map((permission) => permission.replace('Put', 'Delete'));

it('A run of setup that fails is not repeated after CloudFormation has given up', () => {
  templateOf(setup).hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: logicalId(setup) },
    MaximumRetryAttempts: 0,
  });
});

it('The setup Lambda has the environment that it reads', () => {
  expect(environmentOf(setup)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_TIMEZONE: 'Europe/Paris',
    CLOUDTAB_CODE_VERSION: 'code-1',
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it.each([
  ['without profiles', false, PUT],
  ['with profiles, which may remove crons,', true, [...PUT, ...DELETE]],
])('The setup Lambda %s has exactly the permissions that it needs', (_, hasProfiles, own) => {
  const { role } = setupFunction(hasProfiles);
  const log = ['logs:CreateLogStream <SetupLogs.Arn>', 'logs:PutLogEvents <SetupLogs.Arn>'];
  expect(permissionsOf(role)).toEqual(
    [...READ_PERMISSIONS, ...PROJECT_PERMISSIONS, SECRET_DENIAL, ...log, ...own].sort(),
  );
  expect(unexplainedWildcards(role)).toEqual([]);
});
