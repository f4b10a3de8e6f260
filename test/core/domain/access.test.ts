import { describe, expect, it } from 'vitest';
import {
  type Caller,
  callerOf,
  type Grant,
  ROLES,
  type Role,
  roleAnywhere,
  roleAt,
  suffices,
} from '../../../lib/core/domain/access.ts';

const ACCOUNT = '123456789012';
const iam = (rest: string, account = ACCOUNT) => `arn:aws:iam::${account}:${rest}`;
const session = (rest: string, account = ACCOUNT) => `arn:aws:sts::${account}:assumed-role/${rest}`;

/** The role of the caller with this ARN, if a deployment gives that principal one role. */
function roleOf(arn: string | undefined, principal: string): Role | undefined {
  return roleAnywhere(callerOf(arn, [{ principal, role: 'operator' }]));
}

describe('the principal of a grant', () => {
  it.each([
    ['a session of a role', session('ops/ada'), iam('role/ops')],
    ['a session of a role with a path', session('ops/ada'), iam('role/team/eu/ops')],
    [
      'a session of a role of IAM Identity Center',
      session('AWSReservedSSO_Ops_0123456789abcdef/ada@example.com'),
      iam('role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Ops_0123456789abcdef'),
    ],
    ['a session whose name looks like a role', session('ops/role'), iam('role/ops')],
    ['a role itself', iam('role/team/ops'), iam('role/ops')],
    ['a user', iam('user/ada'), iam('user/ada')],
    ['a user with a path', iam('user/team/ada'), iam('user/team/ada')],
    [
      'a session in another partition',
      'arn:aws-cn:sts::123456789012:assumed-role/ops/ada',
      'arn:aws-cn:iam::123456789012:role/ops',
    ],
    ['every caller', session('any/thing'), '*'],
    ['a caller without a name', undefined, '*'],
  ])('A grant is for %s: %s has that of %s', (_, arn, principal) => {
    expect(roleOf(arn, principal)).toBe('operator');
  });

  it.each([
    ['the same role of another account', session('ops/ada', '210987654321'), iam('role/ops')],
    ['the same role of another partition', session('ops/ada'), 'arn:aws-us-gov:iam::123456789012:role/ops'],
    ['a role whose name begins like it', session('ops-admin/ada'), iam('role/ops')],
    ['a role whose name is its beginning', session('op/ada'), iam('role/ops')],
    ['a role whose name ends like it', session('dev-ops/ada'), iam('role/ops')],
    ['a session with the name of the role', session('guest/ops'), iam('role/ops')],
    ['a role in upper case', session('OPS/ada'), iam('role/ops')],
    ['a user with the name of the role', iam('user/ops'), iam('role/ops')],
    ['a role with the name of the user', session('ada/ada'), iam('user/ada')],
    ['a user of that name with a path', iam('user/team/ada'), iam('user/ada')],
    ['a user whose name begins like it', iam('user/ada-2'), iam('user/ada')],
    ['the account itself', iam('root'), iam('role/root')],
    ['a federated user', `arn:aws:sts::${ACCOUNT}:federated-user/ops`, iam('role/ops')],
    ['a session of a role named *', session('*/ada'), iam('role/ops')],
    ['a caller without a name', undefined, iam('role/ops')],
    ['a caller with an empty name', '', iam('role/ops')],
  ])('A grant is not for %s: %s has not that of %s', (_, arn, principal) => {
    expect(roleOf(arn, principal)).toBeUndefined();
  });
});

describe('callerOf', () => {
  it('callerOf makes every caller an editor of all sites if the deployment has no grant', () => {
    const caller = callerOf(session('ops/ada'), []);
    expect(caller).toEqual({ name: session('ops/ada') });
    expect([roleAnywhere(caller), roleAt(caller, 'shop')]).toEqual(['editor', 'editor']);
    expect(callerOf(undefined, [])).toEqual({});
  });

  it('callerOf leaves a principal without a grant without a role once the deployment has one', () => {
    const caller = callerOf(session('guest/ada'), [{ principal: iam('role/ops'), role: 'viewer' }]);
    expect(caller).toEqual({ name: session('guest/ada'), grants: [] });
    expect([roleAnywhere(caller), roleAt(caller, 'shop')]).toEqual([undefined, undefined]);
  });

  it('callerOf keeps the session in the name of the caller', () => {
    const { name } = callerOf(session('ops/ada'), [{ principal: iam('role/ops'), role: 'viewer' }]);
    expect(name).toBe(session('ops/ada'));
  });

  it('callerOf gives a caller those grants alone that name it or every principal', () => {
    const own: Grant = { principal: iam('role/ops'), role: 'operator', sites: ['shop'] };
    const all: Grant = { principal: '*', role: 'viewer' };
    const other: Grant = { principal: iam('role/dev'), role: 'editor' };
    expect(callerOf(session('ops/ada'), [other, own, all]).grants).toEqual([own, all]);
  });
});

describe('the role of a caller', () => {
  const caller: Caller = {
    grants: [
      { principal: '*', role: 'viewer', sites: ['shop', 'blog'] },
      { principal: iam('role/ops'), role: 'editor', sites: ['shop'] },
      { principal: iam('role/ops'), role: 'operator', sites: ['shop'] },
    ],
  };

  it.each([
    ['shop', 'editor'],
    ['blog', 'viewer'],
    ['other', undefined],
    ['sho', undefined],
  ] as const)('The highest role of the caller at %s is %s', (site, role) => {
    expect(roleAt(caller, site)).toBe(role);
  });

  it('The highest role anywhere is that of any site', () => {
    expect(roleAnywhere(caller)).toBe('editor');
  });

  it('A grant without sites is for every site, and one with an empty list for none', () => {
    expect(roleAt({ grants: [{ principal: '*', role: 'operator' }] }, 'shop')).toBe('operator');
    expect(roleAt({ grants: [{ principal: '*', role: 'operator', sites: [] }] }, 'shop')).toBeUndefined();
  });

  it('A caller without a list of grants is an editor, and one with an empty list has no role', () => {
    expect([roleAt({}, 'shop'), roleAnywhere({})]).toEqual(['editor', 'editor']);
    expect([roleAt({ grants: [] }, 'shop'), roleAnywhere({ grants: [] })]).toEqual([undefined, undefined]);
  });
});

it('Each role may do what it needs and what those before it need, and no role may do nothing', () => {
  const table = [undefined, ...ROLES].map((role) => ROLES.filter((needed) => suffices(role, needed)));
  expect(table).toEqual([[], ['viewer'], ['viewer', 'operator'], ['viewer', 'operator', 'editor']]);
});
