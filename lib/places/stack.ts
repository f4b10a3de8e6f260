/** A deployment as a place: found by the outputs of its stack, reached with the caller's own credentials. */
import { makeEventBridge, makeLambda, makeSqs } from '../aws/clients.ts';
import { operationPorts, restorePorts, timersOf } from '../aws/deployment.ts';
import { type DeploymentOutputs, readOutputs } from '../aws/deployment-outputs.ts';
import type { LambdaName } from '../aws/environment.ts';
import { examineFunctions } from '../aws/function-health.ts';
import { readRunSettings } from '../aws/run-settings.ts';
import { SqsDeadLetters } from '../aws/sqs-dead-letters.ts';
import { restore } from '../handlers/restore.ts';
import { sweep } from '../handlers/sweep.ts';
import type { Logger } from '../ports/logger.ts';
import type { RunnerClass } from '../runners/runner.ts';
import { RunnerTable } from '../runners/table.ts';
import type { Place } from './place.ts';

export interface StackOptions {
  /** The runners that the deployment was made with, by name: crons of others are refused. */
  readonly runners: Readonly<Record<string, RunnerClass>>;
  readonly log: Logger;
}

/** Throws ConfigurationError when there is no such stack, or it is not one of ours. */
export async function openStackPlace(stack: string, { runners, log }: StackOptions): Promise<Place> {
  const outputs = await readOutputs(stack);
  const lambda = makeLambda();
  const settings = await readRunSettings(lambda, outputs.runFunctionName);
  const table = new RunnerTable(runners, settings);
  return {
    name: `the stack ${stack}`,
    ports: operationPorts(settings, table, log),
    upkeep: {
      isKept: true,
      timers: () => timersOf(settings),
      deadLetters: new SqsDeadLetters(makeSqs(), outputs.deadLetterQueueUrl),
      faults: () => examineFunctions({ lambda, events: makeEventBridge(), functions: functionsOf(outputs) }),
      async heal(told) {
        // The Lambdas may have other runners than whoever heals from outside.
        const ports = restorePorts(settings, table.ofKnownRunners, told);
        await restore(ports);
        await sweep(ports);
      },
    },
    dashboard: { url: outputs.adminUrl },
    async [Symbol.asyncDispose]() {},
  };
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
