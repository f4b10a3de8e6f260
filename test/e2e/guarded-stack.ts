/**
 * The CDK app of the story of roles. Its stack `Guarded` has a deployment with two sites, and an IAM role for each role of
 * cloudtab; with the context `grants` set to `none`, none of them has one. Only the runners of `blog` may reach anything.
 */
import { App, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Cloudtab } from '../../lib/deploy/constructs/cloudtab.ts';
import { LIMITS_OF_BLOG } from './places.ts';

const app = new App();
const stack = new Stack(app, 'Guarded');
const cloudtab = new Cloudtab(stack, 'Cloudtab', {
  sites: ['shop', 'blog'],
  limits: { blog: LIMITS_OF_BLOG },
});

const roleNamed = (name: string) =>
  new Role(stack, name, {
    roleName: `guarded-${name}`,
    path: '/team/',
    assumedBy: new AccountRootPrincipal(),
  });

const roles = ['viewer', 'operator', 'editor', 'author', 'stranger'].map(roleNamed);
const [viewer, operator, editor, author] = roles as [Role, Role, Role, Role];
if (app.node.tryGetContext('grants') !== 'none') {
  cloudtab.grantView(viewer);
  cloudtab.grantOperate(operator, ['shop']);
  cloudtab.grantEdit(editor);
  cloudtab.grantEdit(author, ['blog']);
}
// All of them may call the URL.
for (const role of roles) cloudtab.adminFunction.url.grantInvokeUrl(role);
