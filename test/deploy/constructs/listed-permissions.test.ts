import { expect, it } from 'vitest';
import { RunFunction } from '../../../lib/deploy/constructs/run-function.ts';
import { runProps, smallStack, templateOf } from './small-stack.ts';

function runThatInvokes(count: number) {
  const stack = smallStack();
  const allowedFunctions = Array.from({ length: count }, (_, number) => `function-number-${1000 + number}`);
  new RunFunction(stack, 'Run', { ...runProps(stack), limits: { shop: { allowedFunctions } } });
  return { stack, allowedFunctions };
}

it('A long list of functions is allowed in policies that IAM accepts', () => {
  const { stack, allowedFunctions } = runThatInvokes(500);
  const template = templateOf(stack);
  const managed = Object.values(template.findResources('AWS::IAM::ManagedPolicy'));
  const documents = managed.map(({ Properties }) => Properties.PolicyDocument);
  // In each ARN, a partition, a region and an account.
  const characters = (document: object) =>
    JSON.stringify(
      document,
      (_, value) =>
        value?.['Fn::Join']?.[1]
          .map((part: unknown) => (typeof part === 'string' ? part : '123456789012'))
          .join('') ?? value,
    ).length;
  expect(documents.length).toBeGreaterThan(1);
  expect(documents.length).toBeLessThanOrEqual(10);
  for (const document of documents) expect(characters(document)).toBeLessThanOrEqual(6_144);
  const all = JSON.stringify(template.toJSON());
  for (const name of allowedFunctions) expect(all).toContain(`:function:${name}`);
});

it('Synthesis rejects lists of functions and users that fit into no policies of a role', () => {
  expect(() => templateOf(runThatInvokes(800).stack)).toThrow(
    /limits: got 800 functions and users, some \d{5} characters in the policies of a role, wanted 50000 at most, which IAM accepts\. Use prefixes such as reports-\*\./,
  );
});
