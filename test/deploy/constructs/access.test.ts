import { App, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  AccountRootPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  Group,
  type IGrantable,
  type IRole,
  Role,
  ServicePrincipal,
  User,
} from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import {
  Access,
  type AccessGrant,
  accessProblems,
  principalOf,
} from '../../../lib/deploy/constructs/access.ts';
import { smallStack } from './small-stack.ts';

const OPS = 'arn:aws:iam::123456789012:role/ops';

function accessWith(...grants: readonly AccessGrant[]): Access {
  return new Access(smallStack(), 'Access', { grants, sites: ['shop', 'blog'] });
}

describe('Access', () => {
  it('The principal of a grant is the ARN of an IAM role or user', () => {
    const stack = new Stack(new App(), 'Test');
    const role = Role.fromRoleArn(stack, 'Role', OPS);
    const user = User.fromUserArn(stack, 'User', 'arn:aws:iam::123456789012:user/ada');
    const access = accessWith({ principal: role, role: 'viewer' });
    access.add({ principal: user, role: 'operator', sites: ['shop'] });
    access.add({ principal: '*', role: 'editor', sites: ['blog'] });
    expect(access.grants).toEqual([
      { principal: OPS, role: 'viewer' },
      { principal: user.userArn, role: 'operator', sites: ['shop'] },
      { principal: '*', role: 'editor', sites: ['blog'] },
    ]);
  });

  it('An invalid grant is refused with all its problems', () => {
    const grant = { principal: 'ops', role: 'admin', sites: [] } as unknown as AccessGrant;
    expect(() => accessWith().add(grant)).toThrow(ConfigurationError);
    expect(() => accessWith().add(grant)).toThrow(
      /^access\.0\.principal: got "ops", .* access\.0\.role: got "admin", .* access\.0\.sites: got \[\], /,
    );
  });

  it('Synthesis fails if no editor is among the roles, and says how to add one', () => {
    const access = accessWith({ principal: OPS, role: 'operator' }, { principal: '*', role: 'viewer' });
    const synthesize = () => Template.fromStack(Stack.of(access));
    expect(synthesize).toThrow(
      '[Test/Access] access: got roles without an editor, wanted one at least: once a principal has a role, those without ' +
        'one are refused. Call grantEdit, or add a grant such as { principal: adminRole, role: "editor" } to the property access.',
    );
    access.add({ principal: OPS, role: 'editor', sites: ['shop'] });
    expect(synthesize).not.toThrow();
  });

  it('Synthesis succeeds without any role', () => {
    expect(() => Template.fromStack(Stack.of(accessWith()))).not.toThrow();
  });

  it('A site that the deployment does not make gets a warning with the nearest one', () => {
    const access = accessWith({ principal: '*', role: 'editor', sites: ['shop', 'blogs', 'other'] });
    const warnings = Annotations.fromStack(Stack.of(access)).findWarning('*', Match.anyValue());
    expect(warnings.map(({ entry }) => String(entry.data).replace(/ \[ack: .*/, ''))).toEqual([
      'A role is given at the site "blogs", which this deployment does not make. Did you mean "blog"?',
      'A role is given at the site "other", which this deployment does not make. Add it to the property sites if it has no crontab yet.',
    ]);
  });
});

describe('accessProblems', () => {
  it('An ARN that only the deployment knows is accepted, and the rest of its grant is validated', () => {
    const { roleArn } = new Role(smallStack(), 'Role', { assumedBy: new AccountRootPrincipal() });
    expect(accessProblems([{ principal: roleArn, role: 'editor' }])).toEqual([]);
    expect(accessProblems([{ principal: roleArn, role: 'editor', sites: ['A'] }])).toMatchObject([
      expect.stringMatching(/^access\.0\.sites: got \["A"\], wanted /),
    ]);
  });

  it('Each problem names the place of its grant', () => {
    const group = new Group(smallStack(), 'Group') as unknown as IRole;
    expect(
      accessProblems([
        { principal: OPS, role: 'editor' },
        { principal: group, role: 'viewer' },
      ]),
    ).toMatchObject([expect.stringMatching(/^access\.1\.principal: got "Test\/Group", wanted the ARN of /)]);
  });
});

it.each([
  ['text', 'ops:viewer', 'access: got text, wanted a list of grants. Write a list, which may be empty.'],
  ['a list of texts', ['ops'], expect.stringMatching(/^access\.0: got text, wanted a JSON object\. /)],
])('Context of the CDK that is %s is refused', (_, context, problem) => {
  expect(accessProblems(context as unknown as AccessGrant[])).toEqual([problem]);
});

describe('principalOf', () => {
  it('A role and a user have the ARN themselves', () => {
    const stack = smallStack();
    const role = Role.fromRoleArn(stack, 'Role', OPS, { mutable: false });
    const user = new User(stack, 'User');
    expect(principalOf(role)).toBe(OPS);
    expect(principalOf(user)).toBe(user.userArn);
  });

  it.each<[string, (stack: Stack) => IGrantable]>([
    ['Test/Group', (stack) => new Group(stack, 'Group')],
    ['ServicePrincipal(lambda.amazonaws.com)', () => new ServicePrincipal('lambda.amazonaws.com')],
    ['AccountRootPrincipal()', () => new AccountRootPrincipal()],
    ['AnyPrincipal()', () => new AnyPrincipal()],
    [`ArnPrincipal(${OPS})`, () => new ArnPrincipal(OPS)],
  ])('%s cannot have a role', (text, make) => {
    expect(() => principalOf(make(smallStack()))).toThrow(
      new ConfigurationError(
        `access: got ${text}, wanted an IAM role or user. ` +
          'A group, an account and a service cannot have a role of cloudtab: give it to an IAM role that they assume.',
      ),
    );
  });
});
