/** A caller who invokes the admin function itself, past its URL, with an event that names another caller. */
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role, User } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { Cloudtab } from '../../lib/deploy/constructs/cloudtab.ts';
import { logicalId, smallStack } from '../deploy/constructs/small-stack.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: object;
}

const stack = smallStack();
const cloudtab = new Cloudtab(stack, 'Cloudtab');
const ofAnyone = { assumedBy: new AccountRootPrincipal() };
cloudtab.grantView(new Role(stack, 'Viewer', ofAnyone), ['default']);
cloudtab.grantOperate(new User(stack, 'Operator'));
cloudtab.grantEdit(new Role(stack, 'Editor', ofAnyone));

it('No permission of a deployment and its users allows to invoke the admin function but through its URL', () => {
  const template = Template.fromStack(stack);
  const admin = logicalId(cloudtab.adminFunction);
  const statements: Statement[] = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement,
  );
  const invoking = statements.filter(
    ({ Effect, Action, Resource }) =>
      Effect === 'Allow' &&
      [Action].flat().some((action) => /^(\*|lambda:(\*|InvokeFunction|Invoke\*))$/.test(action)) &&
      (JSON.stringify(Resource).includes(`"${admin}"`) || [Resource].flat().includes('*')),
  );
  expect(invoking.map(({ Condition }) => Condition)).toEqual(
    Array(3).fill({ Bool: { 'lambda:InvokedViaFunctionUrl': true } }),
  );
  const permissions = Object.values(template.findResources('AWS::Lambda::Permission'));
  expect(permissions.filter(({ Properties }) => JSON.stringify(Properties).includes(`"${admin}"`))).toEqual(
    [],
  );
});
