/** Finds the parts of a deployment by the outputs of its stack. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { awsErrorName, translatingErrors } from './errors.ts';
import { OUTPUTS } from './outputs.ts';

/** Each part under the name that the code has for it. */
export type DeploymentOutputs = { readonly [part in keyof typeof OUTPUTS]: string };

/** Throws ConfigurationError when there is no such stack here, or it is not one of cloudtab's. */
export async function readOutputs(stack: string): Promise<DeploymentOutputs> {
  const outputs = await translatingErrors(`Cannot read the outputs of the stack ${stack}`, () =>
    describe(stack),
  );
  const found = Object.entries(OUTPUTS).map(([part, key]) => [part, outputs.get(key)] as const);
  const missing = found.filter(([, value]) => value === undefined).map(([part]) => part);
  if (missing.length > 0) {
    throw new ConfigurationError(
      `The stack ${stack} has no outputs for: ${missing.join(', ')}. Is it a stack of cloudtab's, and deployed to its end?`,
    );
  }
  return Object.fromEntries(found) as DeploymentOutputs;
}

async function describe(stack: string): Promise<Map<string | undefined, string | undefined>> {
  try {
    const { Stacks = [] } = await new CloudFormationClient({}).send(
      new DescribeStacksCommand({ StackName: stack }),
    );
    return new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  } catch (error) {
    if (awsErrorName(error) !== 'ValidationError') throw error;
    throw new ConfigurationError(
      `There is no stack ${stack} in this account and region. Check --stack, AWS_PROFILE and AWS_REGION.`,
      { cause: error },
    );
  }
}
