/**
 * The table in memory, without latency and faults (memory-ports.ts). An index can be read as of an earlier time; the
 * tombstone of a removal expires as early as the contract allows.
 */
import type { CronFields } from '../../lib/core/domain/cron.ts';
import type { CrontabSettings } from '../../lib/core/domain/crontab-settings.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/core/domain/names.ts';
import type { Projection } from '../../lib/core/domain/projection.ts';
import type { SiteState, State } from '../../lib/core/ports/store.ts';

export type AnyProjection = Projection<CronFields | CrontabSettings>;

/** The items of one cron or crontab at one time. Immutable. */
export interface Row {
  readonly projection?: AnyProjection;
  /** The time since when it is unsettled. */
  readonly unsettledSince?: number;
  /** When the tombstone expires. */
  readonly expiresAt?: number;
  readonly job?: Job;
  readonly dueAt?: number;
}

interface RowHistory {
  now: Row;
  /** Earlier rows and the time until when each was current; the oldest first. */
  readonly past: { readonly until: number; readonly row: Row }[];
}

/** The rules of the domain that determine index entries. */
interface IndexRules {
  readonly dueTime: (job: Job) => number | undefined;
  readonly settleGrace: number;
}

const TOMBSTONE_MS = 3_600_000;
/** The largest lag of an index, in milliseconds. */
export const MAX_STALENESS = 30_000;

export class MemoryStore {
  readonly #now: () => number;
  readonly #rules: IndexRules;
  readonly #rows = new Map<string, Map<string, RowHistory>>();
  #changes = 0;

  constructor(now: () => number, rules: IndexRules) {
    this.#now = now;
    this.#rules = rules;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** The current row, for the oracle. */
  row({ site, uid = '' }: ParameterKey): Row {
    return this.#rows.get(site)?.get(uid)?.now ?? {};
  }

  read(site: string, uid: string): State {
    const crontab = this.#projection({ site }) as Projection<CrontabSettings> | undefined;
    const cron = this.#projection({ site, uid }) as Projection<CronFields> | undefined;
    const { job } = this.row({ site, uid });
    return { ...(crontab && { crontab }), ...(cron && { cron }), ...(job && { job }) };
  }

  readProjection(key: ParameterKey): AnyProjection | undefined {
    return this.#projection(key);
  }

  readSite(site: string, asOf = this.#now()): SiteState {
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
      .map(({ uid, row: { projection, job } }) => ({
        uid,
        ...(projection && { cron: projection as Projection<CronFields> }),
        ...(job && { job }),
      }));
    return { ...(crontab && { crontab }), crons };
  }

  sites(): string[] {
    return [...this.#rows]
      .filter(([, rows]) => rows.has('\n'))
      .map(([site]) => site)
      .sort();
  }

  project(key: ParameterKey, projection: AnyProjection): boolean {
    const now = this.#now();
    const current = this.#projection(key);
    if (current && isLater(current, projection)) return false;
    this.#write({ site: key.site, uid: '\n' }, {});
    const { job, dueAt } = this.row(key);
    const tombstone = projection.removed ? { expiresAt: now + TOMBSTONE_MS } : {};
    this.#write(key, { job, dueAt, projection, unsettledSince: now, ...tombstone });
    return true;
  }

  settle(key: ParameterKey, readVersion: ProjectionVersion): void {
    const row = this.row(key);
    if (!row.projection || row.unsettledSince === undefined || isLater(row.projection, readVersion)) return;
    this.#write(key, { ...row, unsettledSince: undefined });
  }

  saveJob(job: Job): Job | undefined {
    const row = this.row(job);
    if ((row.job?.revision ?? 0) !== job.revision) return undefined;
    const saved = { ...job, revision: job.revision + 1 };
    this.#write(job, { ...row, job: saved, dueAt: this.#rules.dueTime(saved) });
    return saved;
  }

  removeJob({ site, uid, revision }: Job): boolean {
    const row = this.row({ site, uid });
    if (!row.job || row.job.revision !== revision) return false;
    this.#write({ site, uid }, { ...row, job: undefined, dueAt: undefined });
    return true;
  }

  overdue(now: number, asOf = this.#now()): ParameterKey[] {
    const overdue: ParameterKey[] = [];
    for (const { key, row } of this.#all(asOf)) {
      const isDue = row.dueAt !== undefined && row.dueAt <= now;
      const isUnsettled =
        row.unsettledSince !== undefined && row.unsettledSince < now - this.#rules.settleGrace;
      if (isDue || isUnsettled) overdue.push(key);
    }
    return overdue;
  }

  armed(asOf = this.#now()): Timer[] {
    const timers: Timer[] = [];
    for (const { key, row } of this.#all(asOf)) {
      const { job } = row;
      if (job?.armed && key.uid !== undefined)
        timers.push({ site: key.site, uid: key.uid, plannedAt: job.armed.plannedAt });
    }
    return timers;
  }

  #projection(key: ParameterKey): AnyProjection | undefined {
    const { projection, expiresAt } = this.row(key);
    return expiresAt !== undefined && expiresAt <= this.#now() ? undefined : projection;
  }

  *#all(asOf: number): Iterable<{ key: ParameterKey; row: Row }> {
    for (const [site, byUid] of this.#rows) {
      for (const [uid, rows] of byUid) {
        const key = uid === '' ? { site } : { site, uid };
        yield { key, row: this.#asOf(rows, asOf) };
      }
    }
  }

  #asOf(rows: RowHistory, time: number): Row {
    const now = this.#now();
    const row = time >= now ? rows.now : (rows.past.find(({ until }) => until > time)?.row ?? rows.now);
    if (row.expiresAt === undefined || row.expiresAt > now) return row;
    return { job: row.job, dueAt: row.dueAt };
  }

  #write({ site, uid = '' }: ParameterKey, row: Row): void {
    this.#changes += 1;
    const byUid = this.#rows.get(site) ?? new Map<string, RowHistory>();
    this.#rows.set(site, byUid);
    const rows = byUid.get(uid);
    if (!rows) {
      byUid.set(uid, { now: row, past: [{ until: this.#now(), row: {} }] });
      return;
    }
    const now = this.#now();
    while (rows.past[0] && rows.past[0].until < now - MAX_STALENESS) rows.past.shift();
    rows.past.push({ until: now, row: rows.now });
    rows.now = row;
  }
}

type ProjectionVersion = Pick<AnyProjection, 'modified' | 'removed'>;

function isLater(a: ProjectionVersion, b: ProjectionVersion): boolean {
  if (a.modified !== b.modified) return a.modified > b.modified;
  return a.removed === true && !b.removed;
}
