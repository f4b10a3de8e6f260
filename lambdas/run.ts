/** The run Lambda: a timer fired, or a person asked for a run. */
import type { Context } from 'aws-lambda';
import { parseDelivery } from '../lib/aws/delivery.ts';
import { runPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { PowertoolsLogger } from '../lib/aws/powertools-logger.ts';
import { type RunPorts, run } from '../lib/handlers/run.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { systemClock } from '../lib/system/clock.ts';
import { runners } from './runners/index.ts';

/** The process is taken for stopped that much earlier than Lambda says, in milliseconds: clocks and calls differ. */
const MARGIN = 1000;

const settings = readEnvironment('run', process.env);
const log = PowertoolsLogger.make('cloudtab-run');
const table = new RunnerTable(runners, settings);
let ports: RunPorts | undefined;

export async function handler(event: unknown, context: Context): Promise<void> {
  const deadline = systemClock.now() + context.getRemainingTimeInMillis() - MARGIN;
  // The stack cannot tell a function its own name: an invocation does.
  ports ??= runPorts({ ...settings, runFunctionArn: context.invokedFunctionArn }, table, log);
  await run(ports, parseDelivery(event), deadline);
}
