import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { Parameters } from '../../../lib/deploy/constructs/parameters.ts';
import { SECRET_DENIAL } from './permissions.ts';
import { permissionsOf, reasonsOf, smallStack, templateOf } from './small-stack.ts';

const CRONTABS = ['ssm:::parameter/shops/*/crons/*', 'ssm:::parameter/shops/*/crontab'];

const REASON = 'Users create sites, crons and secrets of any name below the root of this deployment.';

it.each([
  [
    'grantProject',
    ['GetParameter', 'GetParameterHistory', 'LabelParameterVersion', 'UnlabelParameterVersion'],
    CRONTABS,
  ],
  ['grantList', ['GetParametersByPath'], ['ssm:::parameter/shops', 'ssm:::parameter/shops/*']],
  ['grantWrite', ['PutParameter'], CRONTABS],
  ['grantRemove', ['DeleteParameter'], CRONTABS],
  ['grantSecrets', ['GetParameter'], ['ssm:::parameter/shops-secrets/*']],
] as const)(
  '%s lets a role make the calls %j on %j, and gives the reason of each wildcard',
  (grant, actions, resources) => {
    const stack = smallStack();
    const parameters = new Parameters(stack, 'Parameters', { root: 'shops' });
    const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    parameters[grant](role);
    expect(permissionsOf(role)).toEqual([
      ...actions.flatMap((action) => resources.map((resource) => `ssm:${action} ${resource}`)),
    ]);
    expect(reasonsOf(role)).toEqual(
      Object.fromEntries(
        resources.filter((resource) => resource.includes('*')).map((resource) => [resource, REASON]),
      ),
    );
  },
);

it('grantNames lets a role list the names of parameters, which cannot be limited, and no value', () => {
  const stack = smallStack();
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new Parameters(stack, 'Parameters', { root: 'shops' }).grantNames(role);
  expect(permissionsOf(role)).toEqual(['ssm:DescribeParameters *']);
  expect(reasonsOf(role)).toEqual({ '*': expect.stringContaining('cannot be limited') });
});

it('denySecrets keeps a role from decrypting any parameter', () => {
  const stack = smallStack();
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  new Parameters(stack, 'Parameters', { root: 'shops' }).denySecrets(role);
  expect(permissionsOf(role)).toEqual([SECRET_DENIAL]);
});

it('Parameters creates no resource', () => {
  const stack = smallStack();
  new Parameters(stack, 'Parameters', { root: 'shops' });
  expect(templateOf(stack).toJSON()).not.toHaveProperty('Resources');
});
