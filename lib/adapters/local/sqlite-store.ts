/**
 * The Store on SQLite. One row a projection, a job and a run record. A commit is one transaction, so that several processes
 * may use the same file: the command line forces a run while the scheduler runs. What a row says beside its keys is JSON.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Job } from '../../core/domain/job.ts';
import type { ParameterKey } from '../../core/domain/names.ts';
import { type RunRecord, recordId } from '../../core/domain/run-record.ts';
import { recordSummary } from '../../core/domain/run-summary.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type {
  AnyProjection,
  CronState,
  PageRequest,
  RecordPage,
  SiteState,
  State,
  Store,
  SummaryPage,
} from '../../core/ports/store.ts';
import {
  decodeCursor,
  ENDED_POSITION,
  encodeCursor,
  endedKey,
  endedRange,
  RECORD_POSITION,
  recordRange,
} from '../cursor.ts';
import { jobExpiry, projectionExpiry, recordExpiry } from '../expiry.ts';
import { GroupCommit } from './group-commit.ts';
import { attempt } from './sqlite-database.ts';
import { jobOf, projectionOf, type RecordRow, type Row, recordOf } from './sqlite-rows.ts';
import { createTables } from './sqlite-schema.ts';

export interface SqliteStoreOptions {
  readonly clock: Clock;
  /** How long run records are kept, in days. */
  readonly retentionDays: number;
  /**
   * Called with each projection after it was committed, as the table's stream would; it must not throw. It is not called
   * for projections that another process writes.
   */
  readonly onProject?: (key: ParameterKey) => void;
}

/** The row of a crontab's settings: no cron has an empty uid. */
const CRONTAB = '';

/** How many rows are read at a stretch. */
const MAX_ROWS = 1000;

type Value = string | number | null;

/** A list of run records in the descending order of `key`. */
interface List {
  readonly name: string;
  readonly position: RegExp;
  readonly where: string;
  readonly values: readonly Value[];
  readonly key: 'id' | 'ended';
  readonly rangeOf: typeof endedRange;
}

export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;
  readonly #options: SqliteStoreOptions;
  readonly #statements = new Map<string, StatementSync>();

  /** Creates its tables if they are not there. Throws ConfigurationError if the file has another format. */
  constructor(database: DatabaseSync, options: SqliteStoreOptions) {
    this.#database = database;
    this.#writes = new GroupCommit(database);
    this.#options = options;
    createTables(database);
  }

  async read(site: string, uid: string): Promise<State> {
    const [crontab] = this.#rows<Row>(PROJECTION, site, CRONTAB);
    const [cron] = this.#rows<Row>(PROJECTION, site, uid);
    const [job] = this.#rows<Row>('SELECT uid, body FROM job WHERE site = ? AND uid = ?', site, uid);
    return { ...projectionOf('crontab', crontab), ...projectionOf('cron', cron), ...jobOf(site, job) };
  }

  async readJob(site: string, uid: string): Promise<Job | undefined> {
    return (await this.read(site, uid)).job;
  }

  async readProjection({ site, uid = CRONTAB }: ParameterKey): Promise<AnyProjection | undefined> {
    const [row] = this.#rows<Row>(PROJECTION, site, uid);
    const { crontab, cron } = projectionOf(uid === CRONTAB ? 'crontab' : 'cron', row);
    return crontab ?? cron;
  }

  async readSite(site: string): Promise<SiteState> {
    const crons = new Map<string, CronState>();
    const [crontab] = this.#rows<Row>(PROJECTION, site, CRONTAB);
    const projections = 'FROM projection WHERE site = ? AND (forget IS NULL OR forget > ?)';
    for await (const row of this.#rowsByUid(projections, site, this.#options.clock.now())) {
      crons.set(row.uid, { uid: row.uid, ...projectionOf('cron', row) });
    }
    for await (const row of this.#rowsByUid('FROM job WHERE site = ?', site)) {
      crons.set(row.uid, { uid: row.uid, ...crons.get(row.uid), ...jobOf(site, row) });
    }
    const sorted = [...crons.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
    return { ...projectionOf('crontab', crontab), crons: sorted };
  }

  /** The jobs of all sites that have leases. */
  async leasedJobs(): Promise<Job[]> {
    const sql = `SELECT site, uid, body FROM job WHERE body LIKE '%"leases":[{%'`;
    const rows = this.#rows<Row & { readonly site: string }>(sql);
    return rows.flatMap(({ site, ...row }) => jobOf(site, row).job ?? []);
  }

  /** The parameters that are projected and not removed, and whether their latest version is valid. */
  projected(): { readonly key: ParameterKey; readonly isValid: boolean }[] {
    const sql = `SELECT site, uid, body ->> '$.problems' AS problems FROM projection WHERE removed = 0`;
    const rows = this.#rows<{ site: string; uid: string; problems: string | null }>(sql);
    return rows.map(({ site, uid, problems }) => {
      return { key: uid === CRONTAB ? { site } : { site, uid }, isValid: problems === null };
    });
  }

  async sites(): Promise<string[]> {
    return this.#rows<{ site: string }>('SELECT site FROM site ORDER BY site').map(({ site }) => site);
  }

  async putProjection(key: ParameterKey, projection: AnyProjection): Promise<boolean> {
    const { site, uid = CRONTAB } = key;
    const { modified, removedAt } = projection;
    const forget = projectionExpiry(projection) ?? null;
    const removed = removedAt === undefined ? 0 : 1;
    const body = json(projection);
    const isWritten = await this.#writes.write(() => {
      this.#run('INSERT OR IGNORE INTO site VALUES (?)', site);
      return this.#run(PUT_PROJECTION, site, uid, modified, removed, forget, body);
    });
    if (isWritten) this.#options.onProject?.(key);
    return isWritten;
  }

  async commit(job: Job, expectedToken: string | undefined, records: readonly RunRecord[]): Promise<boolean> {
    const { site, uid, token = '' } = job;
    const forget = jobExpiry(job) ?? null;
    const body = json(job);
    // Claims go before the records of runs that have ended, so that a herd starts before it is recorded.
    const isUrgent = records.length === 0;
    return this.#writes.write(() => {
      const isWritten =
        expectedToken === undefined
          ? this.#run(INSERT_JOB, site, uid, token, forget, body)
          : this.#run(UPDATE_JOB, token, forget, body, site, uid, expectedToken);
      if (isWritten) for (const record of records) this.#insertRecord(record);
      return isWritten;
    }, isUrgent);
  }

  async records(site: string, uid: string, page: PageRequest): Promise<RecordPage> {
    const list = {
      name: `records ${site}/${uid}`,
      position: RECORD_POSITION,
      where: 'site = ? AND uid = ?',
      values: [site, uid],
      key: 'id',
      rangeOf: recordRange,
    } as const;
    return this.#page(list, page);
  }

  async readRecord(site: string, uid: string, id: string): Promise<RunRecord | undefined> {
    const sql = `SELECT * FROM record WHERE site = ? AND uid = ? AND id = ? AND expires > ?`;
    const [row] = this.#rows<RecordRow>(sql, site, uid, id, this.#options.clock.now());
    return row && recordOf(row);
  }

  async activity(site: string, page: PageRequest): Promise<SummaryPage> {
    const name = `activity ${site}`;
    return this.#summaries({ ...BY_END, name, where: 'site = ?', values: [site] }, page);
  }

  async attention(page: PageRequest): Promise<SummaryPage> {
    return this.#summaries({ ...BY_END, name: 'attention', where: "status <> 'OK'", values: [] }, page);
  }

  async deleteRecords(site: string, uid: string, ids: readonly string[]): Promise<number> {
    const sql = 'DELETE FROM record WHERE site = ? AND uid = ? AND id = ?';
    return this.#writes.write(() => ids.filter((id) => this.#run(sql, site, uid, id)).length);
  }

  /** Deletes what has expired: the medium does that by itself elsewhere. */
  purge(): void {
    const now = this.#options.clock.now();
    attempt(() => this.#run('DELETE FROM record WHERE expires <= ?', now));
    attempt(() => this.#run('DELETE FROM projection WHERE forget <= ?', now));
    attempt(() => this.#run('DELETE FROM job WHERE forget <= ?', now));
  }

  #insertRecord(record: RunRecord): void {
    const { site, uid, status } = record;
    const expires = recordExpiry(record, this.#options.retentionDays);
    const { keepUntil: _, ...body } = record;
    this.#run(INSERT_RECORD, site, uid, recordId(record), endedKey(record), status, expires, json(body));
  }

  #summaries(list: List, page: PageRequest): SummaryPage {
    const { records, ...rest } = this.#page(list, page);
    return { records: records.map(recordSummary), ...rest };
  }

  #page(list: List, { limit, cursor, oldestFirst, ...period }: PageRequest): RecordPage {
    const { name, position, where, values, key, rangeOf } = list;
    const [order, beyond, start] = oldestFirst ? ['ASC', '>', FIRST_POSITION] : ['DESC', '<', LAST_POSITION];
    const after = decodeCursor(name, position, cursor) ?? start;
    const { from, to } = rangeOf(period);
    const sql =
      `SELECT * FROM record WHERE ${where} AND ${key} BETWEEN ? AND ? AND ${key} ${beyond} ? AND expires > ? ` +
      `ORDER BY ${key} ${order} LIMIT ?`;
    const rows = this.#rows<RecordRow>(sql, ...values, from, to, after, this.#options.clock.now(), limit + 1);
    const page = rows.slice(0, limit);
    const last = rows.length > limit ? page.at(-1) : undefined;
    return { records: page.map(recordOf), ...(last && { cursor: encodeCursor(name, last[key]) }) };
  }

  /** The rows of crons, in the order of their uids: in pages, between which other work goes on. */
  async *#rowsByUid(from: string, ...values: readonly Value[]): AsyncGenerator<Row> {
    const sql = `SELECT uid, body ${from} AND uid > ? ORDER BY uid LIMIT ${MAX_ROWS}`;
    let page: Row[] = [];
    do {
      if (page.length > 0) await nextTurn();
      page = this.#rows<Row>(sql, ...values, page.at(-1)?.uid ?? CRONTAB);
      yield* page;
    } while (page.length === MAX_ROWS);
  }

  #rows<Shape>(sql: string, ...values: readonly Value[]): Shape[] {
    return attempt(() => this.#prepared(sql).all(...values) as Shape[]);
  }

  /** Whether the statement changed a row. */
  #run(sql: string, ...values: readonly Value[]): boolean {
    return this.#prepared(sql).run(...values).changes !== 0;
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

const PROJECTION = 'SELECT uid, body FROM projection WHERE site = ? AND uid = ?';

const PUT_PROJECTION = `
  INSERT INTO projection (site, uid, modified, removed, forget, body) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT DO UPDATE SET modified = excluded.modified, removed = excluded.removed, forget = excluded.forget,
    body = excluded.body
  WHERE (modified, removed) <= (excluded.modified, excluded.removed)`;

const INSERT_JOB =
  'INSERT INTO job (site, uid, token, forget, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING';

const UPDATE_JOB = 'UPDATE job SET token = ?, forget = ?, body = ? WHERE site = ? AND uid = ? AND token = ?';

/** A record that exists stays as it is. */
const INSERT_RECORD = `
  INSERT INTO record (site, uid, id, ended, status, expires, body) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

/** They sort before and behind every position. */
const FIRST_POSITION = '';
const LAST_POSITION = '~';

const BY_END = { position: ENDED_POSITION, key: 'ended', rangeOf: endedRange } as const;

function json(value: unknown): string {
  return JSON.stringify(value);
}
