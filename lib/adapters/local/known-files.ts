/**
 * The files of parameters that are projected, by the time of their last change, so that a command reads only those that
 * changed while no scheduler followed them. A scheduler does not rely on it: it reads every file when it starts.
 */
import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { type ParameterKey, parameterName } from '../../core/domain/names.ts';
import { type ProjectPorts, projectParameter } from '../../core/engine/project-parameter.ts';
import { projectAll } from '../../core/engine/resync.ts';
import { version } from '../version.ts';
import { stampOf } from './file-stamp.ts';
import type { Folder } from './folder.ts';
import { parameterFile, parameterKeys } from './parameter-files.ts';
import { attempt, transact } from './sqlite-database.ts';
import type { SqliteStore } from './sqlite-store.ts';

const SCHEMA =
  'CREATE TABLE IF NOT EXISTS known_file (name TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID';

/** The row of everything else that decides whether a parameter is valid. No parameter has this name. */
const RULES = '';

/**
 * How long a file counts as changed after a change, in milliseconds: the clocks of file systems are coarse, so it may change
 * again without another time.
 */
const SETTLING_MS = 3_000;

interface Stamped {
  readonly name: string;
  readonly stamp: string;
}

/** More changes are read faster as a list. */
const FEW = 20;

export class KnownFiles {
  readonly #database: DatabaseSync;
  readonly #store: Pick<SqliteStore, 'projected'>;
  readonly #folder: Folder;

  constructor(database: DatabaseSync, store: Pick<SqliteStore, 'projected'>, folder: Folder) {
    this.#database = database;
    this.#store = store;
    this.#folder = folder;
  }

  /**
   * Projects the files that were written or removed since the last call, in this or another process; all of them if the rules
   * for parameters may have changed. Throws as `projectAll` does.
   */
  async projectChanges(ports: ProjectPorts): Promise<void> {
    const now = Date.now();
    const known = this.#known();
    const rules = this.#rules();
    const isSameRules = known.get(RULES) === rules;
    const files = parameterKeys(this.#folder.parameters).map((key) => ({ key, ...this.#look(key) }));
    const names = new Set(files.map(({ name }) => name));
    const removed = this.#store.projected().filter(({ key }) => !names.has(nameOf(key)));
    const written = files.filter(({ name, stamp }) => !isSameRules || known.get(name) !== stamp);
    const settled = files.filter(({ changed }) => changed < now - SETTLING_MS);
    const keys = [...written, ...removed].map(({ key }) => key);
    if (keys.length === 0) return;
    const projected =
      keys.length <= FEW ? await Promise.allSettled(keys.map((key) => projectParameter(ports, key))) : [];
    const isProjected = projected.length > 0 && projected.every(({ status }) => status === 'fulfilled');
    // The list leaves out files that cannot be read and were never projected.
    if (!isProjected) await projectAll(ports);
    // A rejected version is projected each time, so that its note beside the file comes back.
    const valid = new Set(this.#store.projected().flatMap((one) => (one.isValid ? [nameOf(one.key)] : [])));
    this.#write([{ name: RULES, stamp: rules }, ...settled.filter(({ name }) => valid.has(name))]);
  }

  #look(key: ParameterKey): Stamped & { readonly changed: number } {
    const file = parameterFile(this.#folder.parameters, key);
    const stats = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
    return { name: nameOf(key), stamp: stampOf(stats), changed: stats?.ctimeMs ?? Number.POSITIVE_INFINITY };
  }

  /** The code, the time zones of Node, the runners and the limits. */
  #rules(): string {
    const { parameters, catalogue, settings } = this.#folder;
    const files = [catalogue, settings].map((file) => stampOf(statSync(file, { throwIfNoEntry: false })));
    const owner = statSync(parameters, { throwIfNoEntry: false })?.uid;
    return JSON.stringify([version(), process.version, ...files, owner, process.getuid?.()]);
  }

  #known(): ReadonlyMap<string, string> {
    const exists = "SELECT 1 FROM sqlite_schema WHERE name = 'known_file'";
    const select = 'SELECT name, stamp FROM known_file';
    const rows = attempt(() =>
      this.#database.prepare(exists).get() ? this.#database.prepare(select).all() : [],
    );
    return new Map(rows.map(({ name, stamp }) => [String(name), String(stamp)]));
  }

  #write(files: readonly Stamped[]): void {
    transact(this.#database, () => {
      this.#database.exec(`${SCHEMA}; DELETE FROM known_file`);
      const insert = this.#database.prepare('INSERT INTO known_file (name, stamp) VALUES (?, ?)');
      for (const { name, stamp } of files) insert.run(name, stamp);
    });
  }
}

function nameOf(key: ParameterKey): string {
  return parameterName('parameters', key);
}
