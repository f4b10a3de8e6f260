/** The table's stream: hands records of projections to the sync Lambda in batches, and retries what failed. */
import type { DynamoDBRecord } from 'aws-lambda';
import { SORT, TABLE } from '../../lib/adapters/aws/table.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { HOUR, MINUTE } from './durations.ts';
import type { Invocations } from './invocations.ts';
import type { Runtime } from './process.ts';
import type { ProcessPorts } from './process-ports.ts';
import type { System } from './system.ts';

interface StreamParts {
  readonly system: System;
  readonly runtime: Runtime;
  readonly processPorts: ProcessPorts;
  readonly invocations: Invocations;
  /** Called when a process that ran alone and read nothing stale has reported a record as handled. */
  readonly recordHandled: (key: ParameterKey) => void;
}

interface StreamRecord {
  readonly key: ParameterKey;
  readonly record: DynamoDBRecord;
  retries: number;
}

const SYNC_LIFETIME = 15 * MINUTE;
const MAX_BATCH_SIZE = 25;
const MAX_RETRIES = 5;

export class Stream {
  readonly #parts: StreamParts;
  #records: StreamRecord[] = [];
  #sequence = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0;
  }

  /** Publishes that a projection was written. */
  publish(key: ParameterKey): void {
    const { nemesis, trace } = this.#parts.runtime;
    if (nemesis.injects('stream-lost')) {
      trace(undefined, 'the stream record of this projection is lost', key);
      return;
    }
    const isDuplicated = nemesis.injects('stream-twice');
    const delay = nemesis.injects('stream-late')
      ? nemesis.duration(2_000, HOUR)
      : this.#parts.invocations.latency(150, 900);
    if (delay > 900)
      trace(undefined, `the stream record of this projection is ${Math.round(delay / 1000)} s late`, key);
    this.#parts.invocations.schedule(delay, () => this.#append(key));
    if (isDuplicated) this.#parts.invocations.schedule(nemesis.duration(200, HOUR), () => this.#append(key));
  }

  #append(key: ParameterKey): void {
    const { loop } = this.#parts.runtime;
    this.#sequence += 1;
    if (this.#records.length === 0) loop.after(300, () => this.#invokeSync());
    this.#records.push({ key, record: streamRecord(key, String(this.#sequence)), retries: 0 });
  }

  #invokeSync(): void {
    const batch = this.#records.splice(0, MAX_BATCH_SIZE);
    if (batch.length === 0) return;
    if (this.#records.length > 0) this.#parts.runtime.loop.after(10, () => this.#invokeSync());
    const retry = (failed: readonly StreamRecord[]) => {
      for (const record of failed) this.#retry(record);
    };
    const Records = batch.map(({ record }) => record);
    this.#parts.invocations.invoke({
      name: `sync of ${batch.map(({ key: { site, uid } }) => (uid ? `${site}/${uid}` : site)).join(', ')}`,
      lifetime: SYNC_LIFETIME,
      work: (process) => this.#parts.system.onSyncEvent(this.#parts.processPorts(process), { Records }),
      onSuccess: (answer, process) => {
        const failedIds = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        const hasFailed = ({ record }: StreamRecord) => failedIds.has(record.dynamodb?.SequenceNumber ?? '');
        retry(batch.filter(hasFailed));
        const isCertain = this.#parts.invocations.ranAlone(process) && !process.hasReadStale;
        for (const record of isCertain ? batch : [])
          if (!hasFailed(record)) this.#parts.recordHandled(record.key);
      },
      onFailure: () => retry(batch),
    });
  }

  #retry(record: StreamRecord): void {
    const { nemesis, trace } = this.#parts.runtime;
    record.retries += 1;
    if (record.retries > MAX_RETRIES || nemesis.injects('retries-out')) {
      trace(undefined, 'the stream record of this projection is dropped', record.key);
      return;
    }
    this.#parts.invocations.schedule(1000 * 2 ** record.retries, () => {
      if (this.#records.length === 0) this.#parts.runtime.loop.after(300, () => this.#invokeSync());
      this.#records.push(record);
    });
  }
}

function streamRecord({ site, uid }: ParameterKey, sequence: string): DynamoDBRecord {
  const sort = uid === undefined ? SORT.crontab : `${SORT.cron}${uid}`;
  return {
    dynamodb: {
      Keys: { [TABLE.partitionKey]: { S: site }, [TABLE.sortKey]: { S: sort } },
      SequenceNumber: sequence,
    },
  };
}
