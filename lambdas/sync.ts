/** The sync Lambda: the table changed, or it is time to look again, so the timers follow. */
import type { DynamoDBBatchResponse } from 'aws-lambda';
import { resyncPorts } from '../lib/aws/deployment.ts';
import { readEnvironment } from '../lib/aws/environment.ts';
import { onSyncEvent } from '../lib/aws/sync-event.ts';
import { RunnerTable } from '../lib/runners/table.ts';
import { JsonLogger } from '../lib/system/json-logger.ts';
import { runners } from './runners/index.ts';

const settings = readEnvironment('sync', process.env);
const logger = new JsonLogger({ service: 'cloudtab-sync' });
const ports = resyncPorts(settings, new RunnerTable(runners, settings), logger);

export function handler(event: unknown): Promise<DynamoDBBatchResponse | undefined> {
  return onSyncEvent(ports, event);
}
