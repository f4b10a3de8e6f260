import { Aws } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { environmentProblems } from '../../../lib/deploy/constructs/environment-size.ts';
import { RegistryFunction } from '../../../lib/deploy/constructs/registry-function.ts';
import { lambdaProps, smallStack, templateOf, timersWithDeadLetters } from './small-stack.ts';

const names = (count: number) =>
  Array.from({ length: count }, (_, number) => `function-number-${1000 + number}`);

it('Synthesis rejects variables of a user that are too long for the environment of a function, and names the longest one', () => {
  const synthesize = (bytes: number) => {
    const stack = smallStack();
    const { deadLetters } = timersWithDeadLetters(stack);
    const registry = new RegistryFunction(stack, 'Registry', { ...lambdaProps(stack), deadLetters });
    registry.addEnvironment('OWN', 'x'.repeat(bytes));
    templateOf(registry);
  };
  expect(() => synthesize(3_000)).not.toThrow();
  expect(() => synthesize(4_000)).toThrow(
    /environment: got some 4\d\d\d bytes, most of them in OWN, wanted 4096 at most, which Lambda accepts\. Remove or shorten variables of your own\./,
  );
});

it('Names that only a deployment knows count, a region as less, and a function without variables has no problem', () => {
  const stack = smallStack();
  const code = Code.fromInline('exports.handler = () => {}');
  const of = (id: string, environment?: Record<string, string>) =>
    new Lambda(stack, id, {
      code,
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      ...(environment && { environment }),
    }).node.defaultChild as CfnFunction;
  const regions = Object.fromEntries(names(150).map((name) => [name.slice(-4), Aws.REGION]));
  const { roleArn } = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  const roles = Object.fromEntries(names(40).map((name) => [name.slice(-4), roleArn]));
  expect(environmentProblems(of('Small', regions))).toEqual([]);
  expect(environmentProblems(of('None'))).toEqual([]);
  expect(environmentProblems(of('Large', roles))).toEqual([expect.stringContaining('got some 5280 bytes')]);
});
