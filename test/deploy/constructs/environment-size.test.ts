import { Aws, type Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type CfnFunction, Code, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { expect, it } from 'vitest';
import { environmentProblems } from '../../../lib/deploy/constructs/environment-size.ts';
import { RegistryFunction } from '../../../lib/deploy/constructs/registry-function.ts';
import { lambdaProps, smallStack, templateOf, timersWithDeadLetters } from './small-stack.ts';

function registryWith(stack: Stack, allowedFunctions: readonly string[]): RegistryFunction {
  const limits = { shop: { allowedFunctions } };
  const { deadLetters } = timersWithDeadLetters(stack);
  return new RegistryFunction(stack, 'Registry', { ...lambdaProps(stack), limits, deadLetters });
}

const names = (count: number) =>
  Array.from({ length: count }, (_, number) => `function-number-${1000 + number}`);

it('Synthesis accepts lists that fit into the environment of a function', () => {
  expect(() => templateOf(registryWith(smallStack(), names(130)))).not.toThrow();
});

it('Synthesis rejects lists that are too long for the environment of a function, and names the longest one', () => {
  expect(() => templateOf(registryWith(smallStack(), names(180)))).toThrow(
    /environment: got some 4\d\d\d bytes, most of them in CLOUDTAB_LIMITS, wanted 4096 at most, which Lambda accepts\. Shorten limits or sites: /,
  );
});

it('Synthesis counts the names that only a deployment knows', () => {
  const stack = smallStack();
  const lambdas = names(40).map((name) => Lambda.fromFunctionName(stack, name, name));
  const roles = names(40).map(
    (name) => new Role(stack, `${name}-role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  );
  const users = [
    ...lambdas.map(({ functionName }) => functionName),
    ...roles.map(({ roleName }) => roleName),
  ];
  expect(() => templateOf(registryWith(stack, users))).toThrow('environment: got some ');
});

it('Synthesis counts the variables that a user adds', () => {
  const registry = registryWith(smallStack(), []);
  registry.addEnvironment('OWN', 'x'.repeat(4_000));
  expect(() => templateOf(registry)).toThrow('most of them in OWN');
});

it('A region counts as less than a name, and a function without variables has no problem', () => {
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
  expect(environmentProblems(of('Small', regions))).toEqual([]);
  expect(environmentProblems(of('None'))).toEqual([]);
});
