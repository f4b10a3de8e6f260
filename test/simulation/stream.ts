/** The table's stream: carries what was projected to sync, in batches; loses, doubles and delays it, and repeats what failed. */
import type { DynamoDBRecord } from 'aws-lambda';
import type { ParameterKey } from '../../lib/domain/names.ts';
import { HOUR, MINUTE } from './definition.ts';
import type { Invocations } from './invocations.ts';
import type { Ground } from './lambda.ts';
import type { PortsOf } from './ports-of.ts';
import { recordOf } from './stream-record.ts';
import type { System } from './system.ts';

interface StreamParts {
  readonly system: System;
  readonly ground: Ground;
  readonly portsOf: PortsOf;
  readonly invocations: Invocations;
  /** A record was reported as done, by a process that was alone all the while and was told nothing old. */
  readonly recordDone: (key: ParameterKey) => void;
}

interface StreamRecord {
  readonly key: ParameterKey;
  readonly record: DynamoDBRecord;
  tries: number;
}

const SYNC_LIFETIME = 15 * MINUTE;
const MOST_IN_BATCH = 25;
const STREAM_RETRIES = 5;

export class Stream {
  readonly #parts: StreamParts;
  #stream: StreamRecord[] = [];
  #sequence = 0;

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  get isEmpty(): boolean {
    return this.#stream.length === 0;
  }

  /** Carries the news of a projection to sync. */
  carry(key: ParameterKey): void {
    const { faults, tell } = this.#parts.ground;
    if (faults.befalls('stream-lost')) {
      tell(undefined, 'the record of this projection is lost', key);
      return;
    }
    const twice = faults.befalls('stream-twice');
    const lag = faults.befalls('stream-late')
      ? faults.time(2_000, HOUR)
      : this.#parts.invocations.lag(150, 900);
    if (lag > 900) tell(undefined, `the record of this projection is ${Math.round(lag / 1000)} s late`, key);
    this.#parts.invocations.later(lag, () => this.#append(key));
    if (twice) this.#parts.invocations.later(faults.time(200, HOUR), () => this.#append(key));
  }

  #append(key: ParameterKey): void {
    const { loop } = this.#parts.ground;
    this.#sequence += 1;
    if (this.#stream.length === 0) loop.after(300, () => this.#batch());
    this.#stream.push({ key, record: recordOf(key, String(this.#sequence)), tries: 0 });
  }

  #batch(): void {
    const batch = this.#stream.splice(0, MOST_IN_BATCH);
    if (batch.length === 0) return;
    if (this.#stream.length > 0) this.#parts.ground.loop.after(10, () => this.#batch());
    const again = (failed: readonly StreamRecord[]) => {
      for (const one of failed) this.#appendAgain(one);
    };
    const Records = batch.map(({ record }) => record);
    this.#parts.invocations.invoke({
      name: `sync of ${batch.map(({ key: { site, uid } }) => (uid ? `${site}/${uid}` : site)).join(', ')}`,
      lifetime: SYNC_LIFETIME,
      work: (process) => this.#parts.system.onSyncEvent(this.#parts.portsOf(process), { Records }),
      done: (answer, process) => {
        const ids = new Set(answer?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
        const hasFailed = ({ record }: StreamRecord) => ids.has(record.dynamodb?.SequenceNumber ?? '');
        again(batch.filter(hasFailed));
        const isCertain = this.#parts.invocations.wasAlone(process) && !process.isBehind;
        for (const one of isCertain ? batch : []) if (!hasFailed(one)) this.#parts.recordDone(one.key);
      },
      failed: () => again(batch),
    });
  }

  #appendAgain(one: StreamRecord): void {
    const { faults, tell } = this.#parts.ground;
    one.tries += 1;
    if (one.tries > STREAM_RETRIES || faults.befalls('retries-out')) {
      tell(undefined, 'the record of this projection is given up', one.key);
      return;
    }
    this.#parts.invocations.later(1000 * 2 ** one.tries, () => {
      if (this.#stream.length === 0) this.#parts.ground.loop.after(300, () => this.#batch());
      this.#stream.push(one);
    });
  }
}
