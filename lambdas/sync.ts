/** The sync Lambda: makes timers equal to definitions after changes of the table, at sweeps and at resyncs. */
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { deployedLimits, heartbeatOf, measured, resyncPorts } from '../lib/adapters/aws/deployment.ts';
import { readEnvironment } from '../lib/adapters/aws/environment.ts';
import { onSyncEvent } from '../lib/adapters/aws/sync-event.ts';
import { jsonLogger } from '../lib/adapters/json-logger.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { runners } from './own-runners.ts';

const settings = readEnvironment('sync', process.env);
const logger = jsonLogger({ service: 'cloudtab-sync' });
const limits = deployedLimits(settings);
const ports = {
  ...measured(settings, resyncPorts(settings, new RunnerTable(runners, limits), logger)),
  heartbeat: settings.heartbeat ? heartbeatOf(settings, logger) : undefined,
};

export async function handler(event: unknown): Promise<DynamoDBBatchResponse | undefined> {
  await limits.load();
  return await onSyncEvent(ports, event);
}
