/** The store in memory, which calls back for every write. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { type RunRecord, recordId } from '../../lib/core/domain/run-record.ts';
import type { AnyProjection } from '../../lib/core/ports/store.ts';
import { MemoryStore } from './memory-store.ts';

export class ObservedStore extends MemoryStore {
  onProject: (key: ParameterKey, projection: AnyProjection) => void = () => {};
  /** The job before and after the commit, and the records that it has written: those that did not exist. */
  onCommit: (before: Job | undefined, after: Job, records: readonly RunRecord[]) => void = () => {};

  override project(key: ParameterKey, projection: AnyProjection): boolean {
    const isWritten = super.project(key, projection);
    if (isWritten) this.onProject(key, projection);
    return isWritten;
  }

  override commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): boolean {
    const { site, uid } = job;
    const before = this.row(job).job;
    const absent = records.filter((record) => !this.readRecord(site, uid, recordId(record)));
    const isWritten = super.commit(job, expectedToken, records);
    if (isWritten) this.onCommit(before, job, absent);
    return isWritten;
  }
}
