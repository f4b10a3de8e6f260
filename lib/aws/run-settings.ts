/**
 * What a deployment was made with, as its run Lambda's configuration tells it: one call, and whoever works from outside
 * has the same settings and limits as the Lambdas.
 */
import { GetFunctionConfigurationCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { readEnvironment, type Settings, type SettingsOf } from './environment.ts';
import { asking } from './errors.ts';

export interface RunFunctionState {
  readonly settings: SettingsOf<'run'> & Pick<Settings, 'runFunctionArn'>;
  /** Why it could not run anything now. */
  readonly faults: readonly { readonly what: string; readonly cure: string }[];
}

const CURE = 'Deploy again; the Lambda console says more.';

/** Throws ConfigurationError when the function has not the settings of one of ours. */
export async function readRunFunction(lambda: LambdaClient, name: string): Promise<RunFunctionState> {
  const { Environment, FunctionArn, State, StateReason, LastUpdateStatus } = await asking(
    `Cannot read the configuration of the function ${name}`,
    () => lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
  );
  const settings = readEnvironment('run', Environment?.Variables ?? {});
  const faults = [
    ...(State === 'Failed'
      ? [{ what: `The run function cannot run: ${StateReason ?? State}.`, cure: CURE }]
      : []),
    ...(LastUpdateStatus === 'Failed'
      ? [{ what: 'The last update of the run function failed.', cure: CURE }]
      : []),
  ];
  return { settings: { ...settings, runFunctionArn: FunctionArn ?? name }, faults };
}
