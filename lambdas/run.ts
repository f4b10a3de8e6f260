/** The run Lambda: runs an occurrence that a timer or a user's request delivers. */
import type { Context } from 'aws-lambda';
import { parseDelivery } from '../lib/adapters/aws/delivery.ts';
import { deployedLimits, measured, runPorts } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { unqualifiedArn } from '../lib/adapters/aws/run-function.ts';
import { jsonLogger } from '../lib/adapters/json-logger.ts';
import { systemClock } from '../lib/adapters/system-clock.ts';
import { type RunPorts, run } from '../lib/core/engine/run.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('run', process.env);
const logger = jsonLogger({ service: 'cloudtab-run' });
const limits = deployedLimits(settings);
const table = new RunnerTable(runners, limits);
let ports: RunPorts | undefined;

export async function handler(event: unknown, context: Context): Promise<void> {
  // Lambda stops the process at this time, so no process holds a lease after it has expired.
  const deadline = systemClock.now() + context.getRemainingTimeInMillis();
  // The stack cannot pass a function its own ARN; the invocation has it.
  const runFunctionArn = unqualifiedArn(context.invokedFunctionArn);
  ports ??= measured(settings, runPorts({ ...settings, runFunctionArn }, table, logger));
  const delivery = parseDelivery(event);
  await limits.load();
  await run(ports, delivery, deadline);
}
