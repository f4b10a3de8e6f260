import { EventEmitter } from 'node:events';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Watch } from '../../../lib/adapters/local/folder-events.ts';
import { watchFolder } from '../../../lib/adapters/local/folder-watch.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import type { ParameterKey } from '../../../lib/core/domain/names.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
/** The longest time from saving a file to its report, in milliseconds. */
const AT_MOST = 700;

/** The time without a change after which a file counts as written. */
const SETTLE = 200;

let folder: string;
let clock: VirtualClock;
let logger: MemoryLogger;
let reports: string[];
let stop: () => void;

const cron = (name: string, site = 'site') => join(folder, site, 'crons', name);

/** Saves the file at a later tick of the file system's clock than the save before; a tick takes 10 ms on some systems. */
function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const before = changeTime(path);
  do writeFileSync(path, text);
  while (changeTime(path) === before);
}

function changeTime(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs;
}

/** The sorted reports within the promised time. */
async function newReports(): Promise<string[]> {
  reports = [];
  await clock.advance(AT_MOST);
  return reports.sort();
}

async function start(path = folder, watch?: Watch): Promise<void> {
  const report = ({ site, uid }: ParameterKey) => reports.push(uid === undefined ? site : `${site}/${uid}`);
  stop = await watchFolder(path, clock, logger, report, watch);
}

/** The watches of a system that reports nothing by itself: `emit` reports. */
class SilentWatches {
  readonly open = new Map<string, EventEmitter>();

  readonly watch: Watch = (path) => {
    const watcher = Object.assign(new EventEmitter(), { close: () => this.open.delete(path) });
    this.open.set(path, watcher);
    return watcher;
  };
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: a limit of the system`), { code });
}

beforeEach(async () => {
  folder = join(tempFolder(), 'parameters');
  clock = new VirtualClock(NOON);
  logger = new MemoryLogger();
  reports = [];
  save(cron('a.json'), '"a"');
  save(cron('b.json'), '"b"');
  await start();
});
afterEach(() => stop());

describe('watchFolder', () => {
  test('A file that existed before the watch is not reported', async () => {
    expect(await newReports()).toEqual([]);
  });

  test.each<[string, () => void, string[]]>([
    ['A new cron', () => save(cron('new.json'), '{}'), ['site/new']],
    [
      'A new site with its crontab',
      () => {
        save(cron('c.json', 'new'), '');
        save(join(folder, 'new', 'crontab.json'), '{}');
      },
      ['new', 'new/c'],
    ],
    ['A cron that was written into', () => save(cron('a.json'), '"z"'), ['site/a']],
    ['A cron that was saved unchanged', () => save(cron('a.json'), '"a"'), ['site/a']],
    [
      'A cron that was replaced by another file',
      () => {
        save(cron('.a.tmp'), '"z"');
        renameSync(cron('.a.tmp'), cron('a.json'));
      },
      ['site/a'],
    ],
    [
      'A cron that was replaced by an older file',
      () => renameSync(cron('b.json'), cron('a.json')),
      ['site/a', 'site/b'],
    ],
    [
      'A cron whose times were set back',
      () => {
        save(cron('a.json'), '"z"');
        utimesSync(cron('a.json'), 1, 1);
      },
      ['site/a'],
    ],
    ['A cron that was deleted', () => rmSync(cron('a.json')), ['site/a']],
    ['A cron that was renamed', () => renameSync(cron('a.json'), cron('c.json')), ['site/a', 'site/c']],
    [
      'A site that was deleted',
      () => rmSync(join(folder, 'site'), { recursive: true }),
      ['site/a', 'site/b'],
    ],
    ['A link to itself', () => symlinkSync(cron('loop.json'), cron('loop.json')), ['site/loop']],
  ])('%s is reported once', async (_, change, expected) => {
    await clock.advance(1_000);
    change();
    expect(await newReports()).toEqual(expected);
    expect(await newReports()).toEqual([]);
  });

  test.each(['.a.json.swp', 'a.json~', '4913', '#a.json#', 'a.rejected.txt', '.a.json.123-1'])(
    'The file %s is not reported',
    async (name) => {
      save(cron(name), '{}');
      expect(await newReports()).toEqual([]);
    },
  );

  test('A folder is not reported even if its name is that of a cron', async () => {
    mkdirSync(cron('folder.json'));
    expect(await newReports()).toEqual([]);
  });
});

/** So many files are polled each nine seconds. */
const MANY = 1_000;

describe('watchFolder, among many files', () => {
  beforeEach(async () => {
    stop();
    for (let number = 0; number < MANY; number++) save(cron(`${number}.json`, 'many'), '{}');
    await start();
  });

  test('An edit is reported once it is 200 ms old', async () => {
    save(cron('a.json'), '"z"');
    reports = [];
    await clock.advance(SETTLE - 1);
    expect(reports).toEqual([]);
    await clock.advance(1);
    expect(reports).toEqual(['site/a']);
  });

  test('The folder of a site may be replaced by another', async () => {
    save(cron('c.json', '../new'), '"c"');
    renameSync(join(folder, 'site'), join(folder, '..', 'old'));
    renameSync(join(folder, '..', 'new'), join(folder, 'site'));
    expect(await newReports()).toEqual(['site/a', 'site/b', 'site/c']);
    save(cron('c.json'), '"d"');
    expect(await newReports()).toEqual(['site/c']);
  });

  test('The folder of crons may be removed and created again', async () => {
    rmSync(join(folder, 'site', 'crons'), { recursive: true });
    save(cron('a.json'), '"z"');
    expect(await newReports()).toEqual(['site/a', 'site/b']);
    save(cron('a.json'), '"y"');
    expect(await newReports()).toEqual(['site/a']);
  });

  test('A folder that its watch reports as removed is watched again, even if its inode is the same', async () => {
    stop();
    const silent = new SilentWatches();
    await start(folder, silent.watch);
    const crons = join(folder, 'site', 'crons');
    const removed = silent.open.get(crons);
    removed?.emit('change', 'rename', 'crons');
    await clock.advance(SETTLE);
    expect(silent.open.get(crons)).toBeDefined();
    expect(silent.open.get(crons)).not.toBe(removed);
  });
});

describe('watchFolder, without hints of the system', () => {
  let silent: SilentWatches;

  beforeEach(async () => {
    stop();
    for (let number = 2; number < MANY; number++) writeFileSync(cron(`many-${number}.json`), '{}');
    silent = new SilentWatches();
  });

  /** The milliseconds from an edit of `a` to its report, which come after those to a poll. */
  async function delayOfEdit(text: string): Promise<number> {
    reports = [];
    save(cron('a.json'), text);
    const from = clock.now();
    while (reports.length === 0) await clock.advance(100);
    expect(reports).toEqual(['site/a']);
    return clock.now() - from;
  }

  test.each(['ENOSPC', 'EMFILE'])(
    'Where %s refuses a watch, 1,000 files are polled each 900 ms',
    async (code) => {
      await start(folder, (path, options) => {
        if (silent.open.size === 2) throw systemError(code);
        return silent.watch(path, options);
      });
      expect(silent.open.size).toBe(0);
      await clock.advance(950);
      expect(await delayOfEdit('1')).toBeLessThanOrEqual(1_200);
      expect(logger.lines).toEqual([]);
    },
  );

  test('A watch that fails later is given up with all others, and files are polled', async () => {
    await start(folder, silent.watch);
    expect(silent.open.size).toBe(3);
    silent.open.get(folder)?.emit('error', systemError('ENOSPC'));
    expect(silent.open.size).toBe(0);
    await delayOfEdit('1');
    expect(await delayOfEdit('2')).toBeLessThanOrEqual(1_200);
    expect(silent.open.size).toBe(0);
  });

  test('On a file system that reports nothing, a poll finds the first edit in 10 s, and later edits in 1 s', async () => {
    await start(folder, silent.watch);
    expect(await delayOfEdit('1')).toBeGreaterThan(8_000);
    expect(await delayOfEdit('2')).toBeLessThanOrEqual(1_200);
  });

  test('A poll that finds an edit before its hint arrives does not doubt the hints', async () => {
    await start(folder, silent.watch);
    await clock.advance(8_990);
    save(cron('a.json'), '1');
    await clock.advance(50);
    silent.open.get(join(folder, 'site', 'crons'))?.emit('change', 'change', 'a.json');
    expect(await newReports()).toEqual(['site/a']);
    expect(await delayOfEdit('2')).toBeGreaterThan(5_000);
  });

  test('A hint without the name of a file lets all files be looked at', async () => {
    await start(folder, silent.watch);
    save(cron('a.json'), '1');
    silent.open.get(join(folder, 'site', 'crons'))?.emit('change', 'change', null);
    expect(await newReports()).toEqual(['site/a']);
  });

  test('The folders of a site that is gone are not watched any more', async () => {
    save(cron('c.json', 'other'), '{}');
    await start(folder, silent.watch);
    expect(silent.open.size).toBe(5);
    rmSync(join(folder, 'other'), { recursive: true });
    await clock.advance(10_000);
    expect([...silent.open.keys()]).toEqual([folder, join(folder, 'site'), join(folder, 'site', 'crons')]);
    stop();
    expect(silent.open.size).toBe(0);
  });
});

describe('watchFolder, a file that is being written', () => {
  test('A file is reported once, after it has stopped changing', async () => {
    reports = [];
    for (let n = 0; n < 10; n++) {
      save(cron('a.json'), '{'.repeat(n));
      await clock.advance(SETTLE - 1);
    }
    expect(reports).toEqual([]);
    expect(await newReports()).toEqual(['site/a']);
  });

  test('A file that an editor deletes and writes again is reported once', async () => {
    rmSync(cron('a.json'));
    await clock.advance(SETTLE - 1);
    save(cron('a.json'), '"z"');
    expect(await newReports()).toEqual(['site/a']);
    expect(await newReports()).toEqual([]);
  });

  test('A file that is deleted before it was reported is not reported', async () => {
    save(cron('new.json'), '{}');
    await clock.advance(SETTLE - 1);
    rmSync(cron('new.json'));
    expect(await newReports()).toEqual([]);
  });
});

describe('watchFolder, the folder itself', () => {
  test('A file in the place of a site, or whose name is too long, is not reported', async () => {
    save(join(folder, 'README.md'), 'text');
    save(cron(`${'long'.repeat(60)}.json`), '{}');
    expect(await newReports()).toEqual([]);
    save(join(folder, 'README.md'), 'new text');
    expect(await newReports()).toEqual([]);
  });

  test('A site that is a link to itself is logged, and no edit is lost until it is gone', async () => {
    const loop = join(folder, 'loop');
    symlinkSync(loop, loop);
    save(cron('a.json'), '"z"');
    await clock.advance(5_000);
    expect(logger.linesOf('watch-failed')).toHaveLength(1);
    rmSync(loop);
    save(cron('b.json'), '"z"');
    await clock.advance(AT_MOST);
    expect(reports.sort()).toEqual(['site/a', 'site/b']);
  });

  test('The folder may be deleted and created again', async () => {
    rmSync(folder, { recursive: true });
    expect(await newReports()).toEqual(['site/a', 'site/b']);
    save(cron('a.json'), '"a"');
    expect(await newReports()).toEqual(['site/a']);
    save(cron('a.json'), '"z"');
    expect(await newReports()).toEqual(['site/a']);
  });

  test('The folder may be created later', async () => {
    stop();
    rmSync(folder, { recursive: true });
    await start();
    expect(await newReports()).toEqual([]);
    save(cron('a.json'), '"a"');
    expect(await newReports()).toEqual(['site/a']);
  });

  test('A folder that cannot be read is logged once, and its crons are not reported as removed', async () => {
    stop();
    const link = join(folder, '..', 'link');
    symlinkSync(folder, link);
    await start(link);
    rmSync(link);
    symlinkSync(link, link);
    expect(await newReports()).toEqual([]);
    await clock.advance(5_000);
    expect(logger.lines).toMatchObject([
      {
        level: 'error',
        message: expect.stringMatching(/^Cannot read the folder .*link: Error: ELOOP/),
        fields: { code: 'watch-failed' },
      },
    ]);
    rmSync(link);
    symlinkSync(folder, link);
    save(cron('a.json'), '"z"');
    expect(await newReports()).toEqual(['site/a']);
    rmSync(link);
    symlinkSync(link, link);
    await clock.advance(1_000);
    expect(logger.linesOf('watch-failed')).toHaveLength(2);
  });
});

test('Hundreds of crons that change at once are all reported', async () => {
  for (let n = 0; n < 300; n++) save(cron(`c${n}.json`, `site-${n % 5}`), '{}');
  reports = [];
  await clock.advance(2 * AT_MOST);
  expect(reports).toHaveLength(300);
});

test('A watch that was stopped reports nothing and leaves no timer', async () => {
  stop();
  save(cron('a.json'), '"z"');
  expect(await newReports()).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('A watch on the system clock reports a change within a second', async () => {
  stop();
  const uids: string[] = [];
  stop = await watchFolder(folder, systemClock, logger, ({ uid = '' }) => void uids.push(uid));
  save(cron('a.json'), '"z"');
  await vi.waitFor(() => expect(uids).toEqual(['a']), { timeout: 1_000, interval: 20 });
});
