/**
 * The Store on SQLite. One row a projection, one row a job, each replaced whole by one statement, so that several
 * processes may use the same file: the command line forces a run while the server runs.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { CronFields } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { type Job, nextCheckTime } from '../../core/domain/job.ts';
import type { ParameterKey, Timer } from '../../core/domain/names.ts';
import {
  type Projection,
  SETTLE_GRACE,
  type SiteState,
  type State,
  type Store,
} from '../../core/ports/store.ts';
import { attempt, transact } from './sqlite-database.ts';

/** How long a removal is remembered after it was written. */
const TOMBSTONE_MS = 24 * 3_600_000;

/** The crontab's own row: no cron has an empty uid. */
const CRONTAB = '';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS site (site TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS projection (
    site TEXT NOT NULL, uid TEXT NOT NULL, modified INTEGER NOT NULL, removed INTEGER NOT NULL,
    unsettled INTEGER, forget INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (site, uid)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS projection_unsettled ON projection (unsettled) WHERE unsettled IS NOT NULL;
  CREATE INDEX IF NOT EXISTS projection_forget ON projection (forget) WHERE forget IS NOT NULL;
  CREATE TABLE IF NOT EXISTS job (
    site TEXT NOT NULL, uid TEXT NOT NULL, revision INTEGER NOT NULL, armed INTEGER, due INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (site, uid)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS job_due ON job (due) WHERE due IS NOT NULL;
`;

type AnyProjection = Projection<CronFields | CrontabSettings>;

interface Row {
  readonly uid: string;
  readonly body: string;
}

export class SqliteStore implements Store {
  readonly #database: DatabaseSync;
  readonly #onProject: (key: ParameterKey) => void;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Creates its tables if they do not exist. Calls `onProject`, which must not throw, after each projection is
   * committed, but not for those that another process writes.
   */
  constructor(database: DatabaseSync, onProject: (key: ParameterKey) => void = () => {}) {
    this.#database = database;
    this.#onProject = onProject;
    transact(database, () => database.exec(SCHEMA));
  }

  async read(site: string, uid: string): Promise<State> {
    const crontab = this.#projection<CrontabSettings>(site, CRONTAB);
    const cron = this.#projection<CronFields>(site, uid);
    const [row] = this.#rows<Row>('SELECT uid, body FROM job WHERE site = ? AND uid = ?', site, uid);
    return { ...(crontab && { crontab }), ...(cron && { cron }), ...(row && { job: jobOf(row) }) };
  }

  async readProjection({ site, uid = CRONTAB }: ParameterKey): Promise<AnyProjection | undefined> {
    return this.#projection(site, uid);
  }

  async readSite(site: string): Promise<SiteState> {
    const crons = new Map<string, SiteState['crons'][number]>();
    const crontab = this.#projection<CrontabSettings>(site, CRONTAB);
    const projected = 'SELECT uid, body FROM projection WHERE site = ? AND uid <> ?';
    for (const { uid, body } of this.#rows<Row>(projected, site, CRONTAB)) {
      crons.set(uid, { uid, cron: JSON.parse(body) });
    }
    for (const row of this.#rows<Row>('SELECT uid, body FROM job WHERE site = ?', site)) {
      crons.set(row.uid, { uid: row.uid, ...crons.get(row.uid), job: jobOf(row) });
    }
    const sorted = [...crons.values()].sort((a, b) => (a.uid < b.uid ? -1 : 1));
    return { ...(crontab && { crontab }), crons: sorted };
  }

  async sites(): Promise<string[]> {
    return this.#rows<{ site: string }>('SELECT site FROM site ORDER BY site').map(({ site }) => site);
  }

  async putProjection(key: ParameterKey, projection: AnyProjection, now: number): Promise<boolean> {
    const { site, uid = CRONTAB } = key;
    const { modified, removed } = projection;
    const written = transact(this.#database, () => {
      this.#run('INSERT OR IGNORE INTO site VALUES (?)', site);
      this.#run('DELETE FROM projection WHERE forget <= ? AND unsettled IS NULL', now);
      return this.#run(
        `INSERT INTO projection (site, uid, modified, removed, unsettled, forget, body) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET modified = excluded.modified, removed = excluded.removed,
           unsettled = excluded.unsettled, forget = excluded.forget, body = excluded.body
         WHERE (modified, removed) <= (excluded.modified, excluded.removed)`,
        ...[site, uid, modified, removed ? 1 : 0],
        ...[now, removed ? now + TOMBSTONE_MS : null, JSON.stringify(projection)],
      );
    });
    if (written) this.#onProject(key);
    return written;
  }

  async settle(
    { site, uid = CRONTAB }: ParameterKey,
    { modified, removed }: Pick<Projection<unknown>, 'modified' | 'removed'>,
  ): Promise<void> {
    const settled =
      'UPDATE projection SET unsettled = NULL WHERE site = ? AND uid = ? AND modified = ? AND removed = ?';
    attempt(() => this.#run(settled, site, uid, modified, removed ? 1 : 0));
  }

  async saveJob(job: Job): Promise<Job | undefined> {
    const { site, uid, revision } = job;
    const saved = { ...job, revision: revision + 1 };
    const values = [job.armed?.plannedAt ?? null, nextCheckTime(job) ?? null, JSON.stringify(saved)];
    // One statement compares and swaps, so no other process can write in between.
    const written = attempt(() =>
      revision === 0
        ? this.#run(
            `INSERT INTO job (site, uid, revision, armed, due, body) VALUES (?, ?, 1, ?, ?, ?)
             ON CONFLICT DO NOTHING`,
            ...[site, uid, ...values],
          )
        : this.#run(
            `UPDATE job SET revision = revision + 1, armed = ?, due = ?, body = ?
             WHERE site = ? AND uid = ? AND revision = ?`,
            ...[...values, site, uid, revision],
          ),
    );
    return written ? saved : undefined;
  }

  async removeJob({ site, uid, revision }: Job): Promise<boolean> {
    return attempt(() =>
      this.#run('DELETE FROM job WHERE site = ? AND uid = ? AND revision = ?', site, uid, revision),
    );
  }

  async *overdue(now: number): AsyncIterable<ParameterKey> {
    const rows = this.#rows<Required<ParameterKey>>(
      `SELECT site, uid FROM job WHERE due <= ?
       UNION SELECT site, uid FROM projection WHERE unsettled < ?`,
      ...[now, now - SETTLE_GRACE],
    );
    for (const { site, uid } of rows) yield uid === CRONTAB ? { site } : { site, uid };
  }

  async *armed(): AsyncIterable<Timer> {
    const rows = this.#rows<Timer>('SELECT site, uid, armed AS plannedAt FROM job WHERE armed IS NOT NULL');
    for (const { site, uid, plannedAt } of rows) yield { site, uid, plannedAt };
  }

  #projection<Value>(site: string, uid: string): Projection<Value> | undefined {
    const [row] = this.#rows<Row>('SELECT uid, body FROM projection WHERE site = ? AND uid = ?', site, uid);
    return row && JSON.parse(row.body);
  }

  #rows<Shape>(sql: string, ...values: (string | number | null)[]): Shape[] {
    return attempt(() => this.#prepared(sql).all(...values) as Shape[]);
  }

  /** Whether the statement changed a row. */
  #run(sql: string, ...values: (string | number | null)[]): boolean {
    return this.#prepared(sql).run(...values).changes !== 0;
  }

  #prepared(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

function jobOf({ body }: Row): Job {
  return JSON.parse(body);
}
