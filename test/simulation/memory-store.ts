/**
 * The table in memory. Whether and when a caller gets at it is calls.ts. Reads of an index can be asked for as of an
 * earlier time; removals are forgotten as early as the contract allows.
 */
import type { CronFields } from '../../lib/domain/cron.ts';
import type { CrontabSettings } from '../../lib/domain/crontab-settings.ts';
import type { Job } from '../../lib/domain/job.ts';
import type { ParameterKey, Timer } from '../../lib/domain/names.ts';
import type { Projection, SiteState, State } from '../../lib/ports/store.ts';

export type AnyProjection = Projection<CronFields | CrontabSettings>;

/** What one cron, or one crontab, has in the table at one moment. Replaced, never changed. */
export interface Row {
  readonly projection?: AnyProjection;
  /** Since when it is unsettled. */
  readonly unsettled?: number;
  /** When it is forgotten. */
  readonly forget?: number;
  readonly job?: Job;
  readonly due?: number;
}

interface Rows {
  now: Row;
  /** What stood before, and until when; the oldest first. */
  readonly past: { readonly until: number; readonly row: Row }[];
}

/** What the table does not know by itself, because it belongs to the domain. */
interface Rules {
  readonly dueTime: (job: Job) => number | undefined;
  readonly settleGrace: number;
}

const TOMBSTONE = 3_600_000;
/** Nothing older than this can be seen in an index, in milliseconds. */
export const MOST_STALE = 30_000;

export class MemoryStore {
  readonly #now: () => number;
  readonly #rules: Rules;
  readonly #rows = new Map<string, Map<string, Rows>>();
  #changes = 0;

  constructor(now: () => number, rules: Rules) {
    this.#now = now;
    this.#rules = rules;
  }

  /** Grows with every change. */
  get changes(): number {
    return this.#changes;
  }

  /** The row as it is, for who watches. */
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
    const known = this.#projection(key);
    if (known && isLater(known, projection)) return false;
    this.#write({ site: key.site, uid: '\n' }, {});
    const { job, due } = this.row(key);
    const forget = projection.removed ? { forget: now + TOMBSTONE } : {};
    this.#write(key, { job, due, projection, unsettled: now, ...forget });
    return true;
  }

  settle(key: ParameterKey, seen: Order): void {
    const row = this.row(key);
    if (!row.projection || row.unsettled === undefined || isLater(row.projection, seen)) return;
    this.#write(key, { ...row, unsettled: undefined });
  }

  saveJob(job: Job): Job | undefined {
    const row = this.row(job);
    if ((row.job?.revision ?? 0) !== job.revision) return undefined;
    const saved = { ...job, revision: job.revision + 1 };
    this.#write(job, { ...row, job: saved, due: this.#rules.dueTime(saved) });
    return saved;
  }

  removeJob({ site, uid, revision }: Job): boolean {
    const row = this.row({ site, uid });
    if (!row.job || row.job.revision !== revision) return false;
    this.#write({ site, uid }, { ...row, job: undefined, due: undefined });
    return true;
  }

  overdue(now: number, asOf = this.#now()): ParameterKey[] {
    const found: ParameterKey[] = [];
    for (const { key, row } of this.#all(asOf)) {
      const isDue = row.due !== undefined && row.due <= now;
      const isUnsettled = row.unsettled !== undefined && row.unsettled < now - this.#rules.settleGrace;
      if (isDue || isUnsettled) found.push(key);
    }
    return found;
  }

  armed(asOf = this.#now()): Timer[] {
    const found: Timer[] = [];
    for (const { key, row } of this.#all(asOf)) {
      const { job } = row;
      if (job?.armed && key.uid !== undefined) found.push({ site: key.site, uid: key.uid, at: job.armed.at });
    }
    return found;
  }

  #projection(key: ParameterKey): AnyProjection | undefined {
    const { projection, forget } = this.row(key);
    return forget !== undefined && forget <= this.#now() ? undefined : projection;
  }

  *#all(asOf: number): Iterable<{ key: ParameterKey; row: Row }> {
    for (const [site, byUid] of this.#rows) {
      for (const [uid, rows] of byUid) {
        const key = uid === '' ? { site } : { site, uid };
        yield { key, row: this.#asOf(rows, asOf) };
      }
    }
  }

  #asOf(rows: Rows, time: number): Row {
    const now = this.#now();
    const row = time >= now ? rows.now : (rows.past.find(({ until }) => until > time)?.row ?? rows.now);
    if (row.forget === undefined || row.forget > now) return row;
    return { job: row.job, due: row.due };
  }

  #write({ site, uid = '' }: ParameterKey, row: Row): void {
    this.#changes += 1;
    const byUid = this.#rows.get(site) ?? new Map<string, Rows>();
    this.#rows.set(site, byUid);
    const rows = byUid.get(uid);
    if (!rows) {
      byUid.set(uid, { now: row, past: [{ until: this.#now(), row: {} }] });
      return;
    }
    const now = this.#now();
    while (rows.past[0] && rows.past[0].until < now - MOST_STALE) rows.past.shift();
    rows.past.push({ until: now, row: rows.now });
    rows.now = row;
  }
}

type Order = Pick<AnyProjection, 'modified' | 'removed'>;

function isLater(a: Order, b: Order): boolean {
  if (a.modified !== b.modified) return a.modified > b.modified;
  return a.removed === true && !b.removed;
}
