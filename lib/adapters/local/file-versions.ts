/**
 * The versions of files: numbers, times of writing that never decrease, and earlier values. A file's own times can decrease
 * (`cp -p`, a clock that was set), can be equal for two writes, and disappear with the file. So each observed change is
 * recorded in the database, which all processes share.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Version } from '../../core/ports/registry.ts';
import { GroupCommit } from './group-commit.ts';
import { attempt, transact } from './sqlite-database.ts';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS file_version (
    name TEXT PRIMARY KEY, stamp TEXT, version INTEGER NOT NULL, modified INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS file_history (
    name TEXT NOT NULL, version INTEGER NOT NULL, modified INTEGER NOT NULL, value TEXT NOT NULL, author TEXT,
    PRIMARY KEY (name, version)
  ) WITHOUT ROWID;
`;

/** The number of versions of a file that are kept, as in Parameter Store. */
const MAX_VERSIONS = 100;

export interface FileVersion {
  /** 1 for a new file, increased by each observed change. */
  readonly version: number;
  /** Epoch milliseconds, later with each change, also across deletion. */
  readonly modified: number;
}

interface Row extends FileVersion {
  /** Null while the file does not exist. */
  readonly stamp: string | null;
}

export class FileVersions {
  readonly #database: DatabaseSync;
  readonly #writes: GroupCommit;

  /** Creates its tables if they do not exist. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#writes = new GroupCommit(database);
    transact(database, () => database.exec(SCHEMA));
  }

  /**
   * The version of the file with this stamp and value: a new one if the value changed, or if cloudtab wrote the file
   * (`isWritten`). `changed` is the change time of the file, in epoch milliseconds.
   */
  async observe(
    name: string,
    stamp: string,
    changed: number,
    value: string,
    isWritten = false,
  ): Promise<FileVersion> {
    const row = this.#row(name);
    if (row?.stamp === stamp) return { version: row.version, modified: row.modified };
    return this.#writes.write(() => {
      // Read again, because another process may have recorded the same change in the meantime.
      const { stamp: last, version, modified } = this.#row(name) ?? { stamp: null, version: 0, modified: 0 };
      if (last === stamp) return { version, modified };
      if (last !== null && !isWritten && this.#valueOf(name, version) === value) {
        // Only the times or the mode of the file changed.
        const update = 'UPDATE file_version SET stamp = ? WHERE name = ?';
        this.#database.prepare(update).run(stamp, name);
        return { version, modified };
      }
      const next = { version: last === null ? 1 : version + 1, modified: Math.max(changed, modified + 1) };
      this.#database
        .prepare('INSERT OR REPLACE INTO file_version (name, stamp, version, modified) VALUES (?, ?, ?, ?)')
        .run(name, stamp, next.version, next.modified);
      this.#keep(name, next, value);
      return next;
    });
  }

  /** Records the author of a version. */
  async sign(name: string, version: number, author: string): Promise<void> {
    const sign = 'UPDATE file_history SET author = ? WHERE name = ? AND version = ?';
    await this.#writes.write(() => this.#database.prepare(sign).run(author, name, version));
  }

  /** The versions since the file was created, newest first. */
  history(name: string): Version[] {
    const select =
      'SELECT value, version, modified, author FROM file_history WHERE name = ? ORDER BY version DESC';
    const rows = attempt(() => this.#database.prepare(select).all(name));
    return rows.map(({ value, version, modified, author }) => ({
      value: String(value),
      version: Number(version),
      modified: Number(modified),
      ...(author === null ? {} : { author: String(author) }),
    }));
  }

  /** Within a transaction. */
  #keep(name: string, { version, modified }: FileVersion, value: string): void {
    this.#database
      .prepare('DELETE FROM file_history WHERE name = ? AND (version <= ? OR version >= ?)')
      .run(name, version - MAX_VERSIONS, version);
    this.#database
      .prepare('INSERT INTO file_history (name, version, modified, value) VALUES (?, ?, ?, ?)')
      .run(name, version, modified, value);
  }

  /** Records that the file does not exist; a later file of this name begins a history of its own. */
  async recordRemoval(name: string): Promise<void> {
    if (!this.#row(name)?.stamp) return;
    const update = 'UPDATE file_version SET stamp = NULL WHERE name = ?';
    await this.#writes.write(() => this.#database.prepare(update).run(name));
  }

  #valueOf(name: string, version: number): string | undefined {
    const select = 'SELECT value FROM file_history WHERE name = ? AND version = ?';
    const row = this.#database.prepare(select).get(name, version);
    return row && String(row.value);
  }

  #row(name: string): Row | undefined {
    const select = 'SELECT stamp, version, modified FROM file_version WHERE name = ?';
    return attempt(() => this.#database.prepare(select).get(name)) as Row | undefined;
  }
}
