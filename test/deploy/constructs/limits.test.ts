import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import type { LimitsBySite } from '../../../lib/core/domain/site-limits.ts';
import { Cloudtab } from '../../../lib/deploy/constructs/cloudtab.ts';
import { environmentOf, logicalId, smallStack, templateOf } from './small-stack.ts';

function deploymentWith(limits: LimitsBySite) {
  const stack = smallStack();
  const cloudtab = new Cloudtab(stack, 'Cloudtab', { limits });
  const template = templateOf(stack);
  const [[id = '', resource] = []] = Object.entries(template.findResources('Custom::CloudtabLimits'));
  return { cloudtab, template, id, resource };
}

const { cloudtab, template, id, resource } = deploymentWith({ '*': { allowCommands: true } });

it('Setup writes the limits into the table, as text', () => {
  expect(resource?.Properties).toMatchObject({
    ServiceToken: { 'Fn::GetAtt': [logicalId(cloudtab.setupFunction), 'Arn'] },
    limits: '{"*":{"allowCommands":true}}',
    table: { Ref: expect.stringContaining('Table') },
  });
  expect(resource?.DependsOn).toContain(logicalId(cloudtab.setupFunction));
});

it('The Lambdas that need the limits wait for them, and setup waits for no other Lambda', () => {
  const { registryFunction, runFunction, syncFunction, adminFunction, setupFunction } = cloudtab;
  for (const lambda of [registryFunction, runFunction, syncFunction, adminFunction])
    expect(environmentOf(lambda).CLOUDTAB_LIMITS_ID).toMatch(/^<CloudtabLimits/);
  expect(environmentOf(setupFunction)).not.toHaveProperty('CLOUDTAB_LIMITS_ID');
  const { DependsOn, Properties } =
    template.findResources('AWS::Lambda::Function')[logicalId(setupFunction)] ?? {};
  const text = JSON.stringify([DependsOn, Properties]);
  for (const lambda of [registryFunction, runFunction, syncFunction, adminFunction])
    expect(text).not.toContain(logicalId(lambda));
});

it('The run of setup at the end gets the limits that the deployment wrote', () => {
  template.hasResourceProperties('Custom::CloudtabSetup', { limitsId: { Ref: id } });
});

it('No list of a user is in an environment, so that 300 sites with limits of their own fit', () => {
  const sites = Array.from({ length: 300 }, (_, number) => `site-${number}`);
  const hosts = (site: string) => ['a', 'b', 'c'].map((name) => `${name}.${site}.example.com`);
  const limits = Object.fromEntries(sites.map((site) => [site, { allowedHosts: hosts(site) }]));
  const many = deploymentWith(limits);
  expect(JSON.parse(many.resource?.Properties.limits)).toEqual(limits);
  expect(environmentOf(many.cloudtab.runFunction)).toEqual(environmentOf(cloudtab.runFunction));
});

it('A limit may be a name that only the deployment knows', () => {
  const stack = smallStack();
  const role = new Role(stack, 'Report', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  new Cloudtab(stack, 'Cloudtab', { limits: { shop: { allowedUsers: [role.roleName] } } });
  templateOf(stack).hasResourceProperties('Custom::CloudtabLimits', {
    limits: { 'Fn::Join': ['', ['{"shop":{"allowedUsers":["', { Ref: logicalId(role) }, '"]}}']] },
  });
});
