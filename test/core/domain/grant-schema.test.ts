import { describe, expect, it } from 'vitest';
import { attempt, InvalidError } from '../../../lib/core/domain/errors.ts';
import { loadGrants } from '../../../lib/core/domain/grant-schema.ts';

const OPS = 'arn:aws:iam::123456789012:role/ops';

describe('loadGrants', () => {
  it('loadGrants returns the grants of a list, which may be empty', () => {
    const grants = [
      { principal: '*', role: 'viewer' },
      { principal: OPS, role: 'editor', sites: ['shop', 'blog'] },
    ];
    expect(loadGrants(grants)).toEqual(grants);
    expect(loadGrants([])).toEqual([]);
  });

  it('loadGrants throws every problem of every grant with its place', () => {
    const grants = [
      { principal: 'ops', role: 'admin' },
      { principal: '*', role: 'viewer', sites: [] },
    ];
    expect(() => loadGrants(grants)).toThrow(
      new InvalidError([
        {
          where: 'access.0.principal',
          got: '"ops"',
          wanted: 'the ARN of an IAM role or user, such as "arn:aws:iam::123456789012:role/ops", or "*"',
          fix: 'Name a role without its session, or a user. A group and a service cannot have a role of cloudtab.',
        },
        {
          where: 'access.0.role',
          got: '"admin"',
          wanted: 'one of viewer, operator, editor',
          fix: 'Choose one of these.',
        },
        {
          where: 'access.1.sites',
          got: '[]',
          wanted: 'a list of sites, each of 1 to 16 lower-case letters, digits and dashes',
          fix: 'Name at least one site, or leave it out for all sites.',
        },
      ]),
    );
  });

  it.each([[undefined], ['[]'], [{}], [null]])('loadGrants refuses %j, which is no list', (input) => {
    expect(() => loadGrants(input)).toThrow('access: got');
  });
});

/** The problems of a list with that grant. */
function grantProblems(grant: unknown) {
  return attempt(() => loadGrants([grant])).problems;
}

describe('a grant', () => {
  it.each([
    OPS,
    'arn:aws:iam::123456789012:role/service-role/ops+a=b,c.d@e-f_g',
    'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_01',
    'arn:aws-us-gov:iam::123456789012:user/team/ada',
    '*',
  ])('%s can have a role', (principal) => {
    expect(grantProblems({ principal, role: 'viewer' })).toEqual([]);
  });

  it.each([
    '',
    'ops',
    '**',
    'arn:aws:iam::123456789012:role/*',
    'arn:aws:iam::123456789012:role/op?',
    'arn:aws:iam::*:role/ops',
    'arn:aws:iam::123456789012:role/',
    'arn:aws:iam::123456789012:role/ops\n',
    'arn:aws:iam::123456789012:root',
    'arn:aws:iam::123456789012:group/ops',
    'arn:aws:sts::123456789012:assumed-role/ops/ada',
    'lambda.amazonaws.com',
    `arn:aws:iam::123456789012:role/${'x'.repeat(65)}`,
  ])('%j cannot have a role', (principal) => {
    expect(grantProblems({ principal, role: 'viewer' })).toMatchObject([{ where: 'access.0.principal' }]);
  });

  it.each([[undefined], ['ops'], [null], [[]]])('%j is no grant', (grant) => {
    expect(grantProblems(grant)).toMatchObject([{ where: 'access.0' }]);
  });

  it.each([[['Shop']], [['shop', 7]], ['shop'], [[undefined]]])('%j is no list of sites', (sites) => {
    expect(grantProblems({ principal: '*', role: 'viewer', sites })).toMatchObject([
      { where: 'access.0.sites' },
    ]);
  });

  it('A field that grants do not have is a problem', () => {
    expect(grantProblems({ principal: '*', role: 'viewer', site: 'shop' })).toMatchObject([
      { where: 'access.0.site' },
    ]);
  });
});
