/** Checks during synthesis that the environment of a function is as small as Lambda requires, also with variables of users. */
import { Stack } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';

/** What Lambda accepts, for all names and values together. */
const MAX_BYTES = 4_096;

/** What a generated name or ARN takes at most, except for very long names of stacks. */
const REFERENCE_BYTES = 128;

/** What a partition, region or account takes at most. */
const PSEUDO_PARAMETER_BYTES = 16;

/** The problem with the size of the environment, if there is one. Values that only a deployment knows are estimated. */
export function environmentProblems(lambda: CfnFunction): string[] {
  const { variables = {} } = Stack.of(lambda).resolve(lambda.environment) ?? {};
  const sizes = Object.entries(variables).map(([name, value]) => ({
    name,
    bytes: Buffer.byteLength(name) + textBytes(value),
  }));
  const all = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
  if (all <= MAX_BYTES) return [];
  const [largest] = sizes.sort((one, other) => other.bytes - one.bytes);
  return [
    `environment: got some ${all} bytes, most of them in ${largest?.name}, wanted ${MAX_BYTES} at most, which Lambda accepts. ` +
      'Remove or shorten variables of your own.',
  ];
}

/** The bytes of text, or of an intrinsic function: the texts in it, and an estimate for each reference. */
export function textBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  const [[kind, content] = ['', '']] = Object.entries(value ?? {});
  if (kind === 'Fn::Join') {
    const [separator, parts] = content as [string, unknown[]];
    return parts.reduce<number>((sum, part) => sum + separator.length + textBytes(part), 0);
  }
  return kind === 'Ref' && String(content).startsWith('AWS::') ? PSEUDO_PARAMETER_BYTES : REFERENCE_BYTES;
}
