/** Reads the outputs of a deployment from its stack, which may contain several deployments. */
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { didYouMean } from '../../core/domain/nearest.ts';
import { awsErrorName, translatingErrors } from './errors.ts';
import { OUTPUTS, type OutputName } from './outputs.ts';

export type DeploymentOutputs = { readonly [name in OutputName]: string };

export interface Deployment {
  readonly outputs: DeploymentOutputs;
  /** How messages and hints name the deployment. */
  readonly names: { readonly option: string; readonly name: string; readonly title: string };
}

/** The values of a stack's outputs, by key. */
type StackOutputs = ReadonlyMap<string, string>;

/**
 * The outputs of the deployment with that root, or of the only one. Throws ConfigurationError when the stack is not found in
 * this account and region, has no deployment of that root, has several and no root is given, or lacks an output.
 */
export async function readDeployment(stack: string, root?: string): Promise<Deployment> {
  const { outputs, location } = await translatingErrors(`Cannot read the outputs of the stack ${stack}`, () =>
    describe(stack),
  );
  const suffix = suffixOf(stack, outputs, root);
  const keys = Object.entries(OUTPUTS).map(([name, key]) => [name, `${key}${suffix}`] as const);
  const missing = keys.filter(([, key]) => !outputs.has(key)).map(([, key]) => key);
  if (missing.length > 0) {
    throw new ConfigurationError(
      `The stack ${stack} has no output ${missing.join(', ')}. Check that it is a stack of cloudtab and that its deployment succeeded.`,
    );
  }
  const named = Object.fromEntries(keys.map(([name, key]) => [name, outputs.get(key)]));
  return { outputs: named as DeploymentOutputs, names: namesOf(stack, root, location) };
}

/** `location`: region and account. */
function namesOf(stack: string, root: string | undefined, location: string): Deployment['names'] {
  return {
    option: root === undefined ? `--stack ${stack}` : `--stack ${stack} --root ${root}`,
    name: root === undefined ? `the stack ${stack}` : `the root ${root} of the stack ${stack}`,
    title: `stack ${stack}${root === undefined ? '' : ` (root ${root})`}, ${location}`,
  };
}

function suffixOf(stack: string, outputs: StackOutputs, root: string | undefined): string {
  const deployments = [...outputs]
    .filter(([key]) => key.startsWith(OUTPUTS.root))
    .map(([key, value]) => ({ root: value, suffix: key.slice(OUTPUTS.root.length) }));
  const roots = deployments.map((deployment) => deployment.root).sort();
  if (root !== undefined && deployments.length > 0) {
    const found = deployments.find((deployment) => deployment.root === root);
    if (found) return found.suffix;
    throw new ConfigurationError(
      `root "${root}" not found in the stack ${stack}. ${didYouMean(root, roots)}`,
    );
  }
  if (deployments.length > 1) {
    throw new ConfigurationError(
      `The stack ${stack} has ${deployments.length} deployments of cloudtab. Choose one by its root: ${roots.join(', ')}. ` +
        'Commands have the option --root, and openStack the option root.',
    );
  }
  return deployments[0]?.suffix ?? '';
}

async function describe(stack: string) {
  try {
    const { Stacks = [] } = await new CloudFormationClient({}).send(
      new DescribeStacksCommand({ StackName: stack }),
    );
    const { Outputs = [], StackId = '' } = Stacks[0] ?? {};
    // arn:aws:cloudformation:<region>:<account>:stack/…
    const [, , , region, account] = StackId.split(':');
    return {
      outputs: new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue])),
      location: `${region}, ${account}`,
    };
  } catch (error) {
    if (error instanceof Error && error.message === 'Region is missing') {
      throw new ConfigurationError(
        'No AWS region is chosen. Use --region, such as --region eu-west-1, or set AWS_REGION, or add a region to your profile in ~/.aws/config.',
        { cause: error },
      );
    }
    if (awsErrorName(error) !== 'ValidationError') throw error;
    throw new ConfigurationError(
      `Stack ${stack} not found in this account and region. Check --stack, --region (or AWS_REGION) and --profile (or AWS_PROFILE).`,
      { cause: error },
    );
  }
}
