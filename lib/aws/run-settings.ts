/**
 * What a deployment was made with, as its run Lambda's configuration tells it: one call, and whoever works from outside
 * has the same settings and limits as the Lambdas.
 */
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { readEnvironment, type Settings, type SettingsOf } from './environment.ts';
import { asking } from './errors.ts';

export type RunSettings = SettingsOf<'run'> & Pick<Settings, 'runFunctionArn'>;

/** Throws ConfigurationError when the function has not the settings of one of ours. */
export async function readRunSettings(lambda: LambdaClient, name: string): Promise<RunSettings> {
  const { Environment, FunctionArn } = await asking(
    `Cannot read the configuration of the function ${name}`,
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  const settings = readEnvironment('run', Environment?.Variables ?? {});
  return { ...settings, runFunctionArn: FunctionArn ?? name };
}
