/** Stores the job of a cron as a test wants it. */
import { type Job, newJob } from '../../lib/core/domain/job.ts';
import { withRecords } from '../../lib/core/domain/lease.ts';
import type { RunRecord } from '../../lib/core/domain/run-record.ts';
import type { Store } from '../../lib/core/ports/store.ts';

let commits = 0;

/** Replaces these fields of the job of a cron of the default site, and adds these run records, oldest first. */
export async function commitJob(
  store: Pick<Store, 'read' | 'commit'>,
  uid: string,
  fields: Partial<Job>,
  records: readonly RunRecord[] = [],
): Promise<void> {
  const { job = newJob('default', uid) } = await store.read('default', uid);
  const change = withRecords({ ...job, ...fields, token: `test-${++commits}` }, records);
  const isCommitted = await store.commit(change.job, job.token, change.records);
  if (!isCommitted) throw new Error(`The job of ${uid} changed while the test wrote it.`);
}
