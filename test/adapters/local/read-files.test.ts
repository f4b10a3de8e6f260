import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderRegistry } from '../../../lib/adapters/local/folder-registry.ts';
import { changeSettings } from '../../../lib/adapters/local/folder-settings.ts';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { acquireLock } from '../../../lib/adapters/local/instance-lock.ts';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { writeCrons } from '../../support/local-crontab.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const HEARTBEAT = { name: 'heartbeat', periodicity: '@daily' };
const logger = new MemoryLogger();

let dir: string;
beforeEach(() => {
  dir = tempFolder();
  writeCrons(dir, 3, HEARTBEAT);
  // Later than the files, which count as changed for some seconds.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const fileOf = (uid: string) => join(folderOf(dir).parameters, 'default', 'crons', `${uid}.json`);

/** Opens the folder as commands do that change something, and returns the parameters that they read. */
async function opened(): Promise<string[]> {
  const read = vi.spyOn(FolderRegistry.prototype, 'read');
  await using target = await openFolderTarget(dir, { logger });
  expect(target.note).toContain('not running');
  const uids = new Set(read.mock.calls.map(([{ uid = 'crontab' }]) => uid));
  read.mockRestore();
  return [...uids].sort();
}

/** The uids that a command lists. */
async function listed(): Promise<string[]> {
  await using target = await openFolderTarget(dir, { logger });
  const { crons } = await target.ports.store.readSite('default');
  return crons.flatMap(({ uid, cron }) => (cron?.removedAt === undefined ? [uid] : []));
}

const ALL = ['cron-00000', 'cron-00001', 'cron-00002'];

describe('the files that a command reads', () => {
  it('A command lists the crons of a folder whose files have not changed without reading them', async () => {
    expect(await opened()).toEqual([...ALL, 'crontab']);
    expect(await listed()).toEqual(ALL);
    expect(await opened()).toEqual([]);
    await using target = await openFolderTarget(dir, { logger });
    expect(target).toMatchObject({
      name: dir,
      option: `--dir ${dir}`,
      note: `The scheduler is not running. Start it: cloudtab start --dir ${dir}`,
    });
  });

  it('A command reads only the files that were written, added or removed', async () => {
    await opened();
    writeFileSync(fileOf('cron-00000'), JSON.stringify({ ...HEARTBEAT, periodicity: '@hourly' }));
    writeFileSync(fileOf('added'), JSON.stringify(HEARTBEAT));
    rmSync(fileOf('cron-00002'));
    expect(await opened()).toEqual(['added', 'cron-00000', 'cron-00002']);
    expect(await listed()).toEqual(['added', 'cron-00000', 'cron-00001']);
  });

  it('A file whose size and times are as before is read again', async () => {
    await opened();
    const file = fileOf('cron-00000');
    const time = new Date(0);
    utimesSync(file, time, time);
    await opened();
    writeFileSync(file, JSON.stringify({ ...HEARTBEAT, name: 'heartbEAT' }));
    utimesSync(file, time, time);
    expect(await opened()).toEqual(['cron-00000']);
  });

  it('A cron that a command added, and whose file then was removed, is not listed', async () => {
    await opened();
    const { registry } = (await openFolderTarget(dir, { logger })).ports;
    await registry.write({ site: 'default', uid: 'added' }, JSON.stringify(HEARTBEAT));
    await opened();
    rmSync(fileOf('added'));
    await opened();
    expect(await listed()).toEqual(ALL);
  });

  it('A file that has just changed is read again, since it may change again within the same tick of its clock', async () => {
    vi.useRealTimers();
    await opened();
    expect(await opened()).toEqual([...ALL, 'crontab']);
  });

  it('A rejected file is read each time, so that the note beside it comes back', async () => {
    writeFileSync(fileOf('cron-00001'), '{}');
    await opened();
    expect(await opened()).toEqual(['cron-00001']);
  });

  it('Every file is validated again after a change of the settings of the folder', async () => {
    await opened();
    changeSettings(dir, { retentionDays: 7 });
    expect(await opened()).toEqual([...ALL, 'crontab']);
  });

  it('Many files are read as a list', async () => {
    writeCrons(dir, 30, HEARTBEAT);
    expect(await opened()).toHaveLength(31);
    expect(await listed()).toHaveLength(30);
  });

  it('A file that cannot be read, and never was, hides no other cron', async () => {
    await opened();
    writeFileSync(fileOf('added'), JSON.stringify(HEARTBEAT));
    const read = FolderRegistry.prototype.read;
    vi.spyOn(FolderRegistry.prototype, 'read').mockImplementation(function (this: FolderRegistry, key) {
      return key.uid === 'added' ? Promise.reject(new Error('EACCES')) : read.call(this, key);
    });
    await using target = await openFolderTarget(dir, { logger });
    expect((await target.ports.store.readSite('default')).crons.map(({ uid }) => uid)).toEqual(ALL);
  });

  it('A program with runners of its own validates every file', async () => {
    await opened();
    class Mine extends Runner {
      async run() {
        return [];
      }
    }
    const read = vi.spyOn(FolderRegistry.prototype, 'read');
    await using _ = await openFolderTarget(dir, { logger, runners: { mine: Mine } });
    expect(read).toHaveBeenCalledTimes(ALL.length + 1);
  });

  it('A command beside a scheduler, which follows the files, looks at none of them', async () => {
    await opened();
    writeFileSync(fileOf('added'), JSON.stringify(HEARTBEAT));
    const release = acquireLock(folderOf(dir).pid, process.pid);
    expect(await listed()).toEqual(ALL);
    await using target = await openFolderTarget(dir, { logger });
    expect(target.note).toBeUndefined();
    release();
  });

  it('A state of another format is refused with the fix', async () => {
    mkdirSync(join(folderOf(dir).database, '..'));
    const database = openDatabase(folderOf(dir).database);
    database.exec('PRAGMA user_version = 99');
    database.close();
    await expect(openFolderTarget(dir, { logger })).rejects.toThrow('has format 99, and this version needs');
  });
});
