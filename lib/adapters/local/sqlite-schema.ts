/** The tables of SqliteStore, and the number of their format. Ids of records begin with the planned time: they sort by it. */
import type { DatabaseSync } from 'node:sqlite';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { attempt, transact } from './sqlite-database.ts';

/** Kept in the file. A file with another number is refused: nothing is converted, since parameters are kept elsewhere. */
const FORMAT = 2;

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS site (site TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS projection (
    site TEXT NOT NULL, uid TEXT NOT NULL, modified INTEGER NOT NULL, removed INTEGER NOT NULL, forget INTEGER,
    body TEXT NOT NULL,
    PRIMARY KEY (site, uid)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS job (
    site TEXT NOT NULL, uid TEXT NOT NULL, token TEXT NOT NULL, forget INTEGER, body TEXT NOT NULL,
    PRIMARY KEY (site, uid)
  ) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS record (
    site TEXT NOT NULL, uid TEXT NOT NULL, id TEXT NOT NULL, ended TEXT NOT NULL, status TEXT NOT NULL,
    expires INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (site, uid, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS activity ON record (site, ended);
  CREATE INDEX IF NOT EXISTS attention ON record (ended) WHERE status <> 'OK';
  CREATE INDEX IF NOT EXISTS record_expires ON record (expires);
`;

/**
 * Creates the tables if the file is new. Otherwise it writes nothing and waits for no writer. Throws ConfigurationError if
 * the file has another format.
 */
export function createTables(database: DatabaseSync): void {
  if (attempt(() => formatOf(database)) === FORMAT) return;
  const format = transact(database, () => {
    // Read again, because another process may have created the tables in the meantime.
    const found = formatOf(database);
    const isNew = found === 0 && !database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'job'").get();
    if (isNew) database.exec(`${SCHEMA}; PRAGMA user_version = ${FORMAT}`);
    return isNew ? FORMAT : found;
  });
  if (format !== FORMAT) throw new FormatError(database.location() ?? 'memory', format);
}

function formatOf(database: DatabaseSync): number {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  return row.user_version;
}

class FormatError extends ConfigurationError {
  constructor(path: string, format: number) {
    super(
      `The state in ${path} has format ${format}, and this version needs ${FORMAT}. Remove that file: crons and ` +
        'settings are kept in the parameters, only run records and the history of edits are lost.',
    );
  }
}
