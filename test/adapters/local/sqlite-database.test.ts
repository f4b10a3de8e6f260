import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attempt, openDatabase, transact } from '../../../lib/adapters/local/sqlite-database.ts';
import { ConfigurationError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const UNWRITABLE = 'Make the folder and its files writable for this user, or choose another folder.';

/** A database with a table. */
function database() {
  const opened = openDatabase(join(tempFolder(), 'state', 'cloudtab.db'));
  opened.exec('CREATE TABLE line (text TEXT)');
  return opened;
}

describe('An error of SQLite', () => {
  it('A state that cannot be opened is refused with the fix', () => {
    const folder = tempFolder();
    expect(() => openDatabase(folder)).toThrow(
      new ConfigurationError(
        `Cannot open the state in ${folder}: EISDIR: illegal operation on a directory, open '${folder}'. Choose another folder, or move this file away.`,
      ),
    );
  });

  it('A state that cannot be written is reported with the fix', () => {
    using readOnly = database();
    readOnly.exec('PRAGMA query_only = ON');
    expect(() => transact(readOnly, () => readOnly.exec('DELETE FROM line'))).toThrow(
      new UnavailableError(
        `Cannot read or write the state: attempt to write a readonly database. ${UNWRITABLE}`,
      ),
    );
  });

  it('A full disk is reported with the fix, and what was written before remains', () => {
    using full = database();
    full.exec('PRAGMA max_page_count = 3');
    const insert = full.prepare('INSERT INTO line (text) VALUES (?)');
    transact(full, () => insert.run('first'));
    expect(() => transact(full, () => insert.run('x'.repeat(100_000)))).toThrow(
      new UnavailableError('Cannot read or write the state: database or disk is full. Free disk space.'),
    );
    expect(full.prepare('SELECT text FROM line').all()).toEqual([{ text: 'first' }]);
  });

  it.each([
    ['locking protocol', 15, 'Its filesystem has no locks: choose a folder on a local disk.'],
    ['disk I/O error', 10, 'Check the disk, or choose a folder on a local disk.'],
    ['disk I/O error', 10 | (15 << 8), 'Check the disk, or choose a folder on a local disk.'],
  ])(
    'A filesystem without locks, which answers "%s" with the code %i, is reported with the fix',
    (message, errcode, fix) => {
      const refuse = () => {
        throw Object.assign(new Error(message), { errcode });
      };
      expect(() => attempt(refuse)).toThrow(
        new UnavailableError(`Cannot read or write the state: ${message}. ${fix}`),
      );
    },
  );
});
