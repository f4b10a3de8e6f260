/**
 * The store in memory, without latency and faults (memory-ports.ts). Eventually consistent reads can be made as of an
 * earlier time; what expires is forgotten as early as the contract allows.
 */
import { jobExpiry, projectionExpiry, recordExpiry } from '../../lib/adapters/expiry.ts';
import type { CronFields } from '../../lib/core/domain/cron.ts';
import type { CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import type { Projection } from '../../lib/core/domain/projection.ts';
import { type RunRecord, recordId } from '../../lib/core/domain/run-record.ts';
import type {
  AnyProjection,
  PageRequest,
  RecordPage,
  SiteState,
  State,
  SummaryPage,
} from '../../lib/core/ports/store.ts';
import { activityPage, attentionPage, recordPage } from '../support/record-pages.ts';

/** The items of one cron or crontab at one time. Immutable. */
export interface Row {
  readonly projection?: AnyProjection;
  readonly job?: Job;
}

/** An item of a cron. */
export type UnreadablePart = 'cron' | 'job';

interface RowHistory {
  now: Row;
  /** Earlier rows and the time until when each was current; the oldest first. */
  readonly past: { readonly until: number; readonly row: Row }[];
}

interface StoredRecord {
  readonly record: RunRecord;
  readonly writtenAt: number;
}

/** The largest staleness of an eventually consistent read, in milliseconds. */
export const MAX_STALENESS = 30_000;

const RETENTION_DAYS = 90;

export class MemoryStore {
  readonly #now: () => number;
  /** The clock of staleness: it never goes back. */
  readonly #monotonic: () => number;
  /** The part of a cron's items that no version can read at the moment, by site and uid. */
  readonly #unreadable = new Map<string, UnreadablePart>();
  readonly #rows = new Map<string, Map<string, RowHistory>>();
  /** By site and uid, then by the id of the record. */
  readonly #records = new Map<string, Map<string, StoredRecord>>();
  readonly #sites = new Set<string>();
  #changes = 0;

  constructor(now: () => number, monotonic = now) {
    this.#now = now;
    this.#monotonic = monotonic;
  }

  /** Makes a part of the cron's items unreadable, until it is written or made readable again. */
  makeUnreadable({ site, uid }: Required<ParameterKey>, part: UnreadablePart): void {
    this.#changes += 1;
    this.#unreadable.set(`${site}/${uid}`, part);
  }

  makeReadable({ site, uid }: Required<ParameterKey>): void {
    this.#changes += 1;
    this.#unreadable.delete(`${site}/${uid}`);
  }

  isUnreadable({ site, uid }: ParameterKey): boolean {
    return this.#unreadable.has(`${site}/${uid}`);
  }

  readProjection(key: ParameterKey): AnyProjection | undefined {
    return this.#readable(key, this.row(key)).projection;
  }

  readJob(key: ParameterKey): Job | undefined {
    return this.#readable(key, this.row(key)).job;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** The current row, for the oracle. */
  row({ site, uid = '' }: ParameterKey): Row {
    return this.#unexpired(this.#rows.get(site)?.get(uid)?.now ?? {});
  }

  /** All current rows, for the oracle. */
  *rows(): Iterable<{ readonly key: ParameterKey; readonly row: Row }> {
    for (const [site, byUid] of this.#rows) {
      for (const [uid, { now }] of byUid) {
        yield { key: uid === '' ? { site } : { site, uid }, row: this.#unexpired(now) };
      }
    }
  }

  read(site: string, uid: string): State {
    const crontab = this.row({ site }).projection as Projection<CrontabSettings> | undefined;
    const { projection, job, unreadable } = this.#readable({ site, uid }, this.row({ site, uid }));
    const cron = projection as Projection<CronFields> | undefined;
    return {
      ...(crontab && { crontab }),
      ...(cron && { cron }),
      ...(job && { job }),
      ...(unreadable !== undefined && { unreadable }),
    };
  }

  readSite(site: string, asOf = this.#monotonic()): SiteState {
    const all = [...(this.#rows.get(site) ?? [])].map(([uid, rows]) => ({
      uid,
      row: this.#asOf(rows, asOf),
    }));
    const crontab = all.find(({ uid }) => uid === '')?.row.projection as
      | Projection<CrontabSettings>
      | undefined;
    const crons = all
      .filter(({ uid, row }) => uid !== '' && (row.projection || row.job))
      .sort((a, b) => (a.uid < b.uid ? -1 : 1))
      .map(({ uid, row }) => {
        const { projection, job, unreadable } = this.#readable({ site, uid }, row);
        return {
          uid,
          ...(projection && { cron: projection as Projection<CronFields> }),
          ...(job && { job }),
          ...(unreadable !== undefined && { unreadable }),
        };
      });
    return { ...(crontab && { crontab }), crons };
  }

  sites(): string[] {
    return [...this.#sites].sort();
  }

  project(key: ParameterKey, projection: AnyProjection): boolean {
    const row = this.row(key);
    if (row.projection && isLater(row.projection, projection)) return false;
    this.#sites.add(key.site);
    this.#replaced(key, 'cron');
    this.#write(key, { ...row, projection });
    return true;
  }

  commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): boolean {
    const row = this.row(job);
    if (row.job?.token !== expectedToken) return false;
    this.#replaced(job, 'job');
    this.#write(job, { ...row, job });
    const stored = this.#recordsOf(job);
    for (const record of records) {
      const id = recordId(record);
      if (!stored.has(id)) stored.set(id, { record, writtenAt: this.#monotonic() });
    }
    return true;
  }

  records(site: string, uid: string, page: PageRequest, asOf?: number): RecordPage {
    const records = this.#listed(this.#recordsOf({ site, uid }).values(), asOf);
    return recordPage(site, uid, records, page);
  }

  readRecord(site: string, uid: string, id: string): RunRecord | undefined {
    const stored = this.#recordsOf({ site, uid }).get(id);
    return stored && this.#listed([stored])[0];
  }

  activity(site: string, page: PageRequest, asOf?: number): SummaryPage {
    return activityPage(site, this.#listed(this.#allRecords(), asOf), page);
  }

  attention(page: PageRequest, asOf?: number): SummaryPage {
    return attentionPage(this.#listed(this.#allRecords(), asOf), page);
  }

  deleteRecords(site: string, uid: string, ids: readonly string[]): number {
    const records = this.#recordsOf({ site, uid });
    const deleted = ids.filter((id) => records.delete(id)).length;
    if (deleted > 0) this.#changes += 1;
    return deleted;
  }

  #recordsOf({ site, uid }: Pick<Job, 'site' | 'uid'>): Map<string, StoredRecord> {
    const name = `${site}/${uid}`;
    const records = this.#records.get(name) ?? new Map<string, StoredRecord>();
    this.#records.set(name, records);
    return records;
  }

  *#allRecords(): Iterable<StoredRecord> {
    for (const records of this.#records.values()) yield* records.values();
  }

  /** The records that exist then and have not expired, as a store returns them. */
  #listed(records: Iterable<StoredRecord>, asOf = this.#monotonic()): RunRecord[] {
    const now = this.#now();
    return [...records]
      .filter(({ record, writtenAt }) => writtenAt <= asOf && now < recordExpiry(record, RETENTION_DAYS))
      .map(({ record: { keepUntil: _, ...record } }) => record);
  }

  #asOf(rows: RowHistory, time: number): Row {
    const isPresent = time >= this.#monotonic();
    return this.#unexpired(
      isPresent ? rows.now : (rows.past.find(({ until }) => until > time)?.row ?? rows.now),
    );
  }

  #readable({ site, uid = '' }: ParameterKey, row: Row): Row & { readonly unreadable?: string } {
    const part = this.#unreadable.get(`${site}/${uid}`);
    if (part === 'job' && row.job) return { ...withoutJob(row), unreadable: 'its job has no valid "token"' };
    if (part === 'cron' && row.projection)
      return { ...withoutProjection(row), unreadable: 'its cron is no object' };
    return row;
  }

  /** The written item can be read. */
  #replaced({ site, uid = '' }: ParameterKey, part: UnreadablePart): void {
    const name = `${site}/${uid}`;
    if (this.#unreadable.get(name) === part) this.#unreadable.delete(name);
  }

  #unexpired({ projection, job }: Row): Row {
    const isLeft = (expiry = Number.POSITIVE_INFINITY) => expiry > this.#now();
    return {
      ...(projection && isLeft(projectionExpiry(projection)) && { projection }),
      ...(job && isLeft(jobExpiry(job)) && { job }),
    };
  }

  #write({ site, uid = '' }: ParameterKey, row: Row): void {
    this.#changes += 1;
    const byUid = this.#rows.get(site) ?? new Map<string, RowHistory>();
    this.#rows.set(site, byUid);
    const rows = byUid.get(uid);
    if (!rows) {
      byUid.set(uid, { now: row, past: [{ until: this.#monotonic(), row: {} }] });
      return;
    }
    const now = this.#monotonic();
    while (rows.past[0] && rows.past[0].until < now - MAX_STALENESS) rows.past.shift();
    rows.past.push({ until: now, row: rows.now });
    rows.now = row;
  }
}

function withoutJob({ job: _, ...row }: Row): Row {
  return row;
}

function withoutProjection({ projection: _, ...row }: Row): Row {
  return row;
}

type ProjectionVersion = Pick<AnyProjection, 'modified' | 'removedAt'>;

function isLater(a: ProjectionVersion, b: ProjectionVersion): boolean {
  if (a.modified !== b.modified) return a.modified > b.modified;
  return a.removedAt !== undefined && b.removedAt === undefined;
}
