import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, it } from 'vitest';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
import { CloudtabStack } from '../../../lib/deploy/constructs/cloudtab-stack.ts';

const app = new App();
const stack = new CloudtabStack(app, 'Test', {
  root: 'other',
  limits: {
    '*': { allowedFunctions: ['report', 'export-*'] },
    shop: { allowedUsers: ['cron-*', 'arn:aws:iam::123456789012:role/one'] },
  },
});
const template = Template.fromStack(stack);

it('The stack has every output, with the values of its cloudtab', () => {
  expect(Object.keys(template.findOutputs('*')).sort()).toEqual(Object.values(OUTPUTS).sort());
  template.hasOutput(OUTPUTS.root, { Value: 'other' });
});

it('cdk-nag finds no violation that is not acknowledged with a reason', () => {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
});
