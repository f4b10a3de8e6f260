/**
 * What a deployment was made with, as its run Lambda's configuration tells it: one call, and whoever works from outside
 * has the same settings and limits as the Lambdas.
 */
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { type LambdaEnvironment, type LambdaEnvironmentOf, readEnvironment } from './environment.ts';
import { translatingErrors } from './errors.ts';

export type RunEnvironment = LambdaEnvironmentOf<'run'> & Pick<LambdaEnvironment, 'runFunctionArn'>;

/** Throws ConfigurationError when the function has not the settings of one of ours. */
export async function readRunEnvironment(lambda: LambdaClient, name: string): Promise<RunEnvironment> {
  const { Environment, FunctionArn } = await translatingErrors(
    `Cannot read the configuration of the function ${name}`,
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  const settings = readEnvironment('run', Environment?.Variables ?? {});
  return { ...settings, runFunctionArn: FunctionArn ?? name };
}
