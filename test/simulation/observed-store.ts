/** The table in memory, which calls back for every write. */
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { type AnyProjection, MemoryStore } from './memory-store.ts';

export class ObservedStore extends MemoryStore {
  onProject: (key: ParameterKey, projection: AnyProjection) => void = () => {};
  onSettle: (key: ParameterKey) => void = () => {};
  /** The job before and after the write; undefined where there is none. */
  onJob: (before: Job | undefined, after: Job | undefined) => void = () => {};

  override project(key: ParameterKey, projection: AnyProjection): boolean {
    const isWritten = super.project(key, projection);
    if (isWritten) this.onProject(key, projection);
    return isWritten;
  }

  override settle(key: ParameterKey, readVersion: Pick<AnyProjection, 'modified' | 'removed'>): void {
    const { changes } = this;
    super.settle(key, readVersion);
    if (this.changes !== changes) this.onSettle(key);
  }

  override saveJob(job: Job): Job | undefined {
    const before = this.row(job).job;
    const after = super.saveJob(job);
    if (after) this.onJob(before, after);
    return after;
  }

  override removeJob(job: Job): boolean {
    const before = this.row(job).job;
    const isRemoved = super.removeJob(job);
    if (isRemoved) this.onJob(before, undefined);
    return isRemoved;
  }
}
