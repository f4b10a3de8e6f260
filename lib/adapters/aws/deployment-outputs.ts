/** Reads the outputs of a deployment's stack. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { awsErrorName, translatingErrors } from './errors.ts';
import { OUTPUTS, type OutputName } from './outputs.ts';

export type DeploymentOutputs = { readonly [name in OutputName]: string };

/** Throws ConfigurationError when the stack is not found in this account and region, or lacks an output. */
export async function readOutputs(stack: string): Promise<DeploymentOutputs> {
  const outputs = await translatingErrors(`Cannot read the outputs of the stack ${stack}`, () =>
    describe(stack),
  );
  const missing = Object.values(OUTPUTS).filter((key) => outputs.get(key) === undefined);
  if (missing.length > 0) {
    throw new ConfigurationError(
      `The stack ${stack} has no output ${missing.join(', ')}. Check that it is a stack of cloudtab and that its deployment succeeded.`,
    );
  }
  return Object.fromEntries(
    Object.entries(OUTPUTS).map(([name, key]) => [name, outputs.get(key)]),
  ) as DeploymentOutputs;
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
      `Stack ${stack} not found in this account and region. Check --stack, AWS_PROFILE and AWS_REGION.`,
      { cause: error },
    );
  }
}
