/**
 * Gives files what the registry promises and a file system does not have: a version that counts, a time of writing
 * that never goes back, and the versions before.
 *
 * A file's own times do go back (`cp -p`, an older file moved over it, a clock that was set), may be equal for two saves
 * in one tick, and say nothing about a file that was deleted before. So each change that is seen is noted in the
 * database, where other processes see it too.
 */
import type { DatabaseSync } from 'node:sqlite';
import type { Version } from '../../core/ports/registry.ts';
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

/** So many versions of a file are kept, as in Parameter Store. */
const MAX_VERSIONS = 100;

export interface FileVersion {
  /** 1 when the file was not there before, then one more with each change that was seen. */
  readonly version: number;
  /** Epoch milliseconds, later with each change, also across deletion. */
  readonly modified: number;
}

interface Row extends FileVersion {
  /** Nothing while the file is not there. */
  readonly stamp: string | null;
}

export class FileVersions {
  readonly #database: DatabaseSync;

  /** Makes its table when it is not there. */
  constructor(database: DatabaseSync) {
    this.#database = database;
    transact(database, () => database.exec(SCHEMA));
  }

  /**
   * The version of the file that now looks like `stamp`: the one known for it, or a new one when it held something else.
   * What is written on purpose is a new one in any case. `changed`, in epoch milliseconds, is when the file system says
   * that it changed; `value` is kept for the history.
   */
  seen(name: string, stamp: string, changed: number, value: string, isWritten = false): FileVersion {
    const known = this.#row(name);
    if (known?.stamp === stamp) return { version: known.version, modified: known.modified };
    return transact(this.#database, () => {
      // Read again: another process may have seen the same change in the meantime.
      const { stamp: last, version, modified } = this.#row(name) ?? { stamp: null, version: 0, modified: 0 };
      if (last === stamp) return { version, modified };
      if (last !== null && !isWritten && this.#valueOf(name, version) === value) {
        // It was touched, or its mode was changed.
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

  /** Notes who asked for that version. */
  sign(name: string, version: number, author: string): void {
    const sign = 'UPDATE file_history SET author = ? WHERE name = ? AND version = ?';
    attempt(() => this.#database.prepare(sign).run(author, name, version));
  }

  /** The versions since the file was last not there, newest first. */
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

  /** Notes that the file is not there: the next one of that name is another one. */
  gone(name: string): void {
    if (!this.#row(name)?.stamp) return;
    attempt(() => this.#database.prepare('UPDATE file_version SET stamp = NULL WHERE name = ?').run(name));
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
