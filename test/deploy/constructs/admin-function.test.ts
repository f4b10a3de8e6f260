import { expect, it } from 'vitest';
import { version } from '../../../lib/adapters/version.ts';
import { AdminFunction } from '../../../lib/deploy/constructs/admin-function.ts';
import { RunFunction } from '../../../lib/deploy/constructs/run-function.ts';
import { PROJECT_PERMISSIONS, READ_PERMISSIONS, SECRET_DENIAL, SETUP_DENIALS } from './permissions.ts';
import {
  environmentOf,
  permissionsOf,
  runProps,
  smallStack,
  templateOf,
  unexplainedWildcards,
} from './small-stack.ts';

const stack = smallStack();
const props = runProps(stack);
const run = new RunFunction(stack, 'Run', props);
const admin = new AdminFunction(stack, 'Admin', { ...props, run });
const template = templateOf(stack);

it('The function URL of the admin Lambda requires a signature', () => {
  template.resourceCountIs('AWS::Lambda::Url', 1);
  template.hasResourceProperties('AWS::Lambda::Url', { AuthType: 'AWS_IAM' });
  template.resourceCountIs('AWS::Lambda::Permission', 0);
});

it('The admin Lambda has the environment that it reads', () => {
  expect(environmentOf(admin)).toEqual({
    CLOUDTAB_ROOT: 'cloudtab',
    CLOUDTAB_TABLE_NAME: '<Table>',
    CLOUDTAB_BUS_NAME: '<Bus>',
    CLOUDTAB_EVENTS: 'all',
    CLOUDTAB_RETENTION_DAYS: '90',
    CLOUDTAB_LIMITS_ID: 'limits-1',
    CLOUDTAB_RUN_FUNCTION_ARN: '<Run.Arn>',
    CLOUDTAB_RUN_LOG_GROUP_NAME: '<RunLogs>',
    CLOUDTAB_TARGET_OPTION: '--stack Test --root cloudtab',
    CLOUDTAB_VERSION: version(),
    NODE_OPTIONS: '--enable-source-maps',
  });
});

it('The admin Lambda has exactly the permissions that it needs, with a reason for each wildcard', () => {
  expect(permissionsOf(admin.role)).toEqual(
    [
      ...READ_PERMISSIONS,
      ...SETUP_DENIALS,
      SECRET_DENIAL,
      ...PROJECT_PERMISSIONS,
      'dynamodb:DeleteItem <Table.Arn>',
      'lambda:InvokeFunction <Run.Arn>',
      'logs:CreateLogStream <AdminLogs.Arn>',
      'logs:FilterLogEvents <RunLogs.Arn>',
      'logs:FilterLogEvents logs:::log-group:<RunLogs>',
      'logs:PutLogEvents <AdminLogs.Arn>',
      'ssm:DeleteParameter ssm:::parameter/cloudtab/*/crons/*',
      'ssm:DeleteParameter ssm:::parameter/cloudtab/*/crontab',
      'ssm:DescribeParameters *',
      'ssm:PutParameter ssm:::parameter/cloudtab/*/crons/*',
      'ssm:PutParameter ssm:::parameter/cloudtab/*/crontab',
    ].sort(),
  );
  expect(unexplainedWildcards(admin.role)).toEqual([]);
});
