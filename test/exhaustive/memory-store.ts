/**
 * The Store in memory: the explorer copies a whole world at each of its states, and compares them. It keeps the contract
 * of Store.
 */
import { jobExpiry, projectionExpiry, recordExpiry } from '../../lib/adapters/expiry.ts';
import { type StoredState, storedState } from '../../lib/adapters/stored-state.ts';
import type { Job } from '../../lib/core/domain/job.ts';
import type { ParameterKey } from '../../lib/core/domain/names.ts';
import { type RunRecord, recordId } from '../../lib/core/domain/run-record.ts';
import type {
  AnyProjection,
  CronState,
  PageRequest,
  RecordPage,
  SiteState,
  State,
  Store,
  SummaryPage,
} from '../../lib/core/ports/store.ts';
import { activityPage, attentionPage, recordPage } from '../support/record-pages.ts';

interface Row {
  readonly site: string;
  readonly uid: string;
  readonly value: unknown;
  /** The value, to compare states. */
  readonly json: string;
  /** What State shows of it; absent for a record. */
  readonly stored?: StoredState;
  /** When the medium forgets it, in epoch milliseconds. */
  readonly forgetAt?: number | undefined;
}

/** Rows by kind, site, uid and id. A row is never changed, only replaced. */
export type Rows = ReadonlyMap<string, Row>;

const RETENTION_DAYS = 90;

export class MemoryStore implements Store {
  readonly #now: () => number;
  #rows: Map<string, Row>;

  constructor(now: () => number, rows: Rows = new Map()) {
    this.#now = now;
    this.#rows = new Map(rows);
  }

  async read(site: string, uid: string): Promise<State> {
    return {
      ...this.#row('projection', site, '')?.stored,
      ...this.#row('projection', site, uid)?.stored,
      ...this.#row('job', site, uid)?.stored,
    };
  }

  async readJob(site: string, uid: string): Promise<Job | undefined> {
    return this.#row('job', site, uid)?.stored?.job;
  }

  async readProjection({ site, uid = '' }: ParameterKey): Promise<AnyProjection | undefined> {
    const stored = this.#row('projection', site, uid)?.stored;
    return stored?.crontab ?? stored?.cron;
  }

  async readSite(site: string): Promise<SiteState> {
    const crons = new Map<string, CronState>();
    for (const row of [...this.#rowsOf('projection'), ...this.#rowsOf('job')]) {
      const { uid, stored } = row;
      if (row.site === site && uid !== '') crons.set(uid, { uid, ...crons.get(uid), ...stored });
    }
    const sorted = [...crons.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
    return { ...this.#row('projection', site, '')?.stored, crons: sorted };
  }

  async sites(): Promise<string[]> {
    return [...new Set([...this.#rowsOf('projection')].map(({ site }) => site))].sort();
  }

  async putProjection(key: ParameterKey, projection: AnyProjection): Promise<boolean> {
    const { site, uid = '' } = key;
    const stored = this.#row('projection', site, uid)?.value as AnyProjection | undefined;
    if (stored && isLater(stored, projection)) return false;
    this.#put('projection', { site, uid, id: '' }, projection, {
      stored: storedState(uid === '' ? 'crontab' : 'cron', projection),
      forgetAt: projectionExpiry(projection),
    });
    return true;
  }

  async commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): Promise<boolean> {
    const { site, uid } = job;
    const stored = this.#row('job', site, uid)?.value as Job | undefined;
    if (stored?.token !== expectedToken) return false;
    this.#put('job', { site, uid, id: '' }, job, {
      stored: storedState('job', job),
      forgetAt: jobExpiry(job),
    });
    for (const record of records) {
      const { keepUntil: _, ...value } = record;
      const id = recordId(record);
      if (this.#row('record', site, uid, id)) continue;
      this.#put('record', { site, uid, id }, value, { forgetAt: recordExpiry(record, RETENTION_DAYS) });
    }
    return true;
  }

  async records(site: string, uid: string, page: PageRequest): Promise<RecordPage> {
    return recordPage(site, uid, this.#records, page);
  }

  async readRecord(site: string, uid: string, id: string): Promise<RunRecord | undefined> {
    return this.#row('record', site, uid, id)?.value as RunRecord | undefined;
  }

  async activity(site: string, page: PageRequest): Promise<SummaryPage> {
    return activityPage(site, this.#records, page);
  }

  async attention(page: PageRequest): Promise<SummaryPage> {
    return attentionPage(this.#records, page);
  }

  async deleteRecords(site: string, uid: string, ids: readonly string[]): Promise<number> {
    return ids.filter((id) => this.#rows.delete(keyOf('record', site, uid, id))).length;
  }

  /** Makes an item unreadable. */
  spoil(kind: 'projection' | 'job', site: string, uid: string): void {
    this.#put(kind, { site, uid, id: '' }, {}, { stored: { unreadable: `its ${kind} was spoilt` } });
  }

  /** Everything that it holds. */
  get rows(): Rows {
    return new Map(this.#rows);
  }

  set rows(rows: Rows) {
    this.#rows = new Map(rows);
  }

  /** Everything that it holds, as text. */
  get state(): string {
    return [...this.#rows]
      .map(([key, { json }]) => `${key} ${json}`)
      .sort()
      .join('\n');
  }

  #row(kind: string, site: string, uid: string, id = ''): Row | undefined {
    const row = this.#rows.get(keyOf(kind, site, uid, id));
    return row?.forgetAt !== undefined && row.forgetAt <= this.#now() ? undefined : row;
  }

  *#rowsOf(kind: string): Iterable<Row> {
    for (const [key, row] of this.#rows) {
      const isForgotten = row.forgetAt !== undefined && row.forgetAt <= this.#now();
      if (key.startsWith(`${kind}/`) && !isForgotten) yield row;
    }
  }

  get #records(): RunRecord[] {
    return [...this.#rowsOf('record')].map(({ value }) => value as RunRecord);
  }

  #put(
    kind: string,
    { site, uid, id }: { readonly site: string; readonly uid: string; readonly id: string },
    value: unknown,
    rest: Pick<Row, 'stored' | 'forgetAt'>,
  ): void {
    this.#rows.set(keyOf(kind, site, uid, id), { site, uid, value, json: JSON.stringify(value), ...rest });
  }
}

function keyOf(kind: string, site: string, uid: string, id: string): string {
  return `${kind}/${site}/${uid}/${id}`;
}

function isLater(stored: AnyProjection, { modified, removedAt }: AnyProjection): boolean {
  if (stored.modified !== modified) return stored.modified > modified;
  return stored.removedAt !== undefined && removedAt === undefined;
}
