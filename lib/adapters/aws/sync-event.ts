/** Handles the events of the sync Lambda: changes of the table, and the schedules of sweep and resync. */
import type { DynamoDBBatchResponse, DynamoDBRecord } from 'aws-lambda';
import { InvalidError } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { type ResyncPorts, resync } from '../../core/engine/resync.ts';
import { sweep } from '../../core/engine/sweep.ts';
import { syncCron, syncSite } from '../../core/engine/sync.ts';
import { unlessUnreadable } from '../../core/engine/unless-unreadable.ts';
import { isJobKey, uidOf } from './dynamo-items.ts';
import { SORT, TABLE } from './table.ts';

/** What follows a sweep that has repaired everything. It never throws. */
interface Heartbeat {
  readonly heartbeat?: (() => Promise<void>) | undefined;
}

/** Syncs the records of a batch, sweeps or resyncs. Throws InvalidError for any other event. */
export async function onSyncEvent(
  ports: ResyncPorts & Heartbeat,
  event: unknown,
): Promise<DynamoDBBatchResponse | undefined> {
  if (isBatch(event)) return await syncBatch(ports, event.Records);
  switch (isJsonObject(event) ? event.task : undefined) {
    case 'sweep':
      await sweep(ports);
      await ports.heartbeat?.();
      return undefined;
    case 'resync':
      await resync(ports);
      return undefined;
    default:
      throw new InvalidError([
        {
          where: 'value',
          got: formatValue(event),
          wanted: 'records of the table, {"task":"sweep"} or {"task":"resync"}',
          fix: 'Invoke it as the rules of the stack do.',
        },
      ]);
  }
}

/** Syncs the crons and sites of the records, each once, and returns the records that failed. */
async function syncBatch(
  ports: ResyncPorts,
  records: readonly DynamoDBRecord[],
): Promise<DynamoDBBatchResponse> {
  const done = new Map<string, Promise<boolean>>();
  const failed = records.map(async (record) => {
    const key = keyOf(record);
    const itemIdentifier = record.dynamodb?.SequenceNumber;
    if (!key || itemIdentifier === undefined) {
      ports.logger.warn('Ignored a record of another shape', {
        code: 'event-ignored',
        got: formatValue(record),
      });
      return [];
    }
    const name = `${key.site}/${key.uid ?? ''}`;
    const succeeded = done.get(name) ?? synchronised(ports, key);
    done.set(name, succeeded);
    return (await succeeded) ? [] : [{ itemIdentifier }];
  });
  return { batchItemFailures: (await Promise.all(failed)).flat() };
}

async function synchronised(ports: ResyncPorts, { site, uid }: ParameterKey): Promise<boolean> {
  try {
    if (uid === undefined) await syncSite(ports, site);
    // To repeat the record would only delay the edits behind it.
    else await unlessUnreadable(ports.logger, site, uid, () => syncCron(ports, site, uid));
    return true;
  } catch (error) {
    ports.logger.error('Could not synchronise', { code: 'sync-failed', site, uid, error });
    return false;
  }
}

/** What the record's item is about; nothing for an item that is no projection. */
function keyOf({ dynamodb }: DynamoDBRecord): ParameterKey | undefined {
  const site = dynamodb?.Keys?.[TABLE.partitionKey]?.S;
  const sk = dynamodb?.Keys?.[TABLE.sortKey]?.S ?? '';
  if (site && sk === SORT.crontab) return { site };
  const uid = isJobKey({ sk }) ? undefined : uidOf({ sk });
  return site && uid ? { site, uid } : undefined;
}

function isBatch(event: unknown): event is { readonly Records: readonly DynamoDBRecord[] } {
  return isJsonObject(event) && Array.isArray(event.Records);
}
