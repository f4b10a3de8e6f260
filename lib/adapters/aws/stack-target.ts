/** The Target of a deployment: finds its resources by the outputs of the stack, and uses the caller's credentials. */
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type Finding, targetFinding } from '../../core/domain/finding.ts';
import type { Catalogue } from '../../core/domain/runner-description.ts';
import { resync } from '../../core/engine/resync.ts';
import { sweep } from '../../core/engine/sweep.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Target } from '../../core/ports/target.ts';
import { publishedRunners } from '../../runners/published-runners.ts';
import { makeEventBridge, makeLambda, makeSqs } from './clients.ts';
import { operationPorts, publishedCatalogue, resyncPorts, timersOf } from './deployment.ts';
import { type DeploymentOutputs, readDeployment } from './deployment-outputs.ts';
import {
  type LambdaEnvironment,
  type LambdaEnvironmentOf,
  type LambdaName,
  readEnvironment,
} from './environment.ts';
import { translatingErrors } from './errors.ts';
import { examineFunctions } from './function-health.ts';
import { SqsDeadLetters } from './sqs-dead-letters.ts';

export interface StackOptions {
  readonly logger: Logger;
  /** The root of the deployment, for a stack that contains several. Default: the only one. */
  readonly root?: string | undefined;
}

/** Throws ConfigurationError when the stack is not found, or has no such deployment of cloudtab. */
export async function openStackTarget(stack: string, { logger, root }: StackOptions): Promise<Target> {
  const { outputs, names } = await readDeployment(stack, root);
  const lambda = makeLambda();
  const settings = await readRunEnvironment(lambda, outputs.runFunctionName, names.option);
  const runners = await publishedRunners(() => publishedCatalogue(settings).read());
  const ports = { ...operationPorts(settings, runners, logger), option: names.option };
  return {
    ...names,
    ports,
    maintenance: {
      isRunning: true,
      timers: (of) => timersOf(settings, of),
      deadLetters: new SqsDeadLetters(makeSqs(), outputs.deadLetterQueueUrl),
      findings: async () => {
        const parts = {
          lambda,
          events: makeEventBridge(),
          functions: functionsOf(outputs),
          root: outputs.root,
        };
        const catalogue = await publishedCatalogue(settings).read();
        return [...(await examineFunctions(parts)), ...staleCatalogue(settings.codeVersion, catalogue)];
      },
      async repair(repairLogger) {
        // The Lambdas may have runners that this process does not have.
        const ports = resyncPorts(settings, runners.knownOnly, repairLogger);
        await resync(ports);
        await sweep(ports);
      },
    },
    async [Symbol.asyncDispose]() {},
  };
}

/** The setup publishes the catalogue with each deployment of other code. */
function staleCatalogue(codeVersion: string, catalogue: Catalogue | undefined): Finding[] {
  if (catalogue?.codeVersion === codeVersion) return [];
  const published = catalogue?.codeVersion ?? 'none';
  const what = `The runs use the code ${codeVersion}, and the published runners are of the code ${published}: crons are validated by that.`;
  return [targetFinding(what, 'Deploy again, and see the output of the setup function if it fails.')];
}

function functionsOf(outputs: DeploymentOutputs): Record<LambdaName, string> {
  return {
    registry: outputs.registryFunctionName,
    sync: outputs.syncFunctionName,
    run: outputs.runFunctionName,
    admin: outputs.adminFunctionName,
    setup: outputs.setupFunctionName,
  };
}

/** Throws ConfigurationError when the function lacks the environment of a run Lambda. */
async function readRunEnvironment(
  lambda: LambdaClient,
  name: string,
  option: string,
): Promise<LambdaEnvironmentOf<'run'> & Pick<LambdaEnvironment, 'runFunctionArn'>> {
  const { Environment, FunctionArn } = await translatingErrors(
    `Cannot read the configuration of the function ${name}`,
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  // An older deployment does not have the option.
  const settings = readEnvironment('run', { CLOUDTAB_TARGET_OPTION: option, ...Environment?.Variables });
  return { ...settings, runFunctionArn: FunctionArn ?? name };
}
