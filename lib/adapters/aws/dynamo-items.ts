/** How projections, jobs and run records look as items of the table, and back: DynamoDB's own types, readable as they are. */
import type { Job } from '../../core/domain/job.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import type { Projection } from '../../core/domain/projection.ts';
import { type RunRecord, recordId } from '../../core/domain/run-record.ts';
import { type RecordSummary, recordSummary } from '../../core/domain/run-summary.ts';
import { truncateBytes } from '../../core/domain/truncate-bytes.ts';
import { endedKey } from '../cursor.ts';
import { jobExpiry, projectionExpiry, recordExpiry } from '../expiry.ts';
import { type RecordKey, storedRecord, storedSummary } from '../stored-state.ts';
import { SITES, SORT } from './table.ts';

export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** Epoch seconds. */
interface Expiring {
  readonly expires?: number;
}

export interface ProjectionItem extends ItemKey, Expiring, Projection<unknown> {}

export interface JobItem extends ItemKey, Expiring, Omit<Job, 'site' | 'uid'> {}

export interface RecordItem extends ItemKey, Expiring, Omit<RunRecord, 'keepUntil'> {
  readonly id: string;
  readonly ended: string;
  readonly attention?: 'all';
  /** The beginning of the first message, for the indexes. */
  readonly message?: string;
}

/** The bytes of a runner's name in a record: with more, an index entry may exceed 1 KB. */
const MAX_RUNNER_BYTES = 72;

export function projectionKey({ site, uid }: ParameterKey): ItemKey {
  return { pk: site, sk: uid === undefined ? SORT.crontab : `${SORT.cron}${uid}` };
}

export function jobKey(site: string, uid: string): ItemKey {
  return { pk: site, sk: `${SORT.cron}${uid}${SORT.job}` };
}

export function recordKey(site: string, uid: string, id: string): ItemKey {
  return { pk: `${site}/${uid}`, sk: `${SORT.run}${id}` };
}

export function siteKey(site: string): ItemKey {
  return { pk: SITES, sk: site };
}

/** The cron that an item of a site belongs to; nothing for the crontab's own. */
export function uidOf({ sk }: Pick<ItemKey, 'sk'>): string | undefined {
  if (!sk.startsWith(SORT.cron)) return undefined;
  return sk.slice(SORT.cron.length, isJobKey({ sk }) ? -SORT.job.length : undefined);
}

export function isJobKey({ sk }: Pick<ItemKey, 'sk'>): boolean {
  // Not at the end of `cron#job`, the projection of a cron with the uid "job".
  return sk.includes(SORT.job, SORT.cron.length);
}

export function projectionItem(key: ParameterKey, projection: Projection<unknown>): ProjectionItem {
  return { ...projectionKey(key), ...projection, expires: seconds(projectionExpiry(projection)) };
}

export function itemProjection<Value>(item: ProjectionItem): Projection<Value> {
  const { pk: _pk, sk: _sk, expires: _expires, ...projection } = item;
  return projection as Projection<Value>;
}

export function jobItem({ site, uid, ...job }: Job): JobItem {
  return { ...jobKey(site, uid), ...job, expires: seconds(jobExpiry(job)) };
}

export function itemJob(site: string, uid: string, item: JobItem): Job {
  const { pk: _pk, sk: _sk, expires: _expires, ...job } = item;
  return { ...job, site, uid };
}

export function recordItem(record: RunRecord, retentionDays: number): RecordItem {
  const { site, uid, status } = record;
  const id = recordId(record);
  const { keepUntil: _, ...kept } = record;
  const { message } = recordSummary(record);
  return {
    ...recordKey(site, uid, id),
    ...kept,
    runner: truncateBytes(record.runner, MAX_RUNNER_BYTES).text,
    id,
    ended: endedKey(record),
    attention: status === 'OK' ? undefined : 'all',
    message,
    expires: seconds(recordExpiry(record, retentionDays)),
  };
}

export function itemRecord(item: RecordItem): RunRecord {
  const { message: _, ...record } = withoutKeys(item);
  return storedRecord(recordKeyOf(item), record);
}

export function itemSummary(item: RecordItem): RecordSummary {
  return storedSummary(recordKeyOf(item), withoutKeys(item));
}

function withoutKeys(item: RecordItem) {
  const { pk: _pk, sk: _sk, expires: _e, id: _id, ended: _ended, attention: _a, ...rest } = item;
  return rest;
}

function recordKeyOf({ pk, sk }: ItemKey): RecordKey {
  const [site = '', uid = ''] = pk.split('/');
  return { site, uid, id: sk.slice(SORT.run.length) };
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.ceil(milliseconds / 1000);
}
