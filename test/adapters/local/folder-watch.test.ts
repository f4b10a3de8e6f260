import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchFolder } from '../../../lib/adapters/local/folder-watch.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
/** The longest time from saving a file to its report, in milliseconds. */
const AT_MOST = 700;

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

async function start(path = folder): Promise<void> {
  stop = await watchFolder(path, clock, logger, ({ site, uid }) => {
    reports.push(uid === undefined ? site : `${site}/${uid}`);
  });
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
  test('A folder of 1,000 files is polled each 900 ms, and an edit is reported 200 ms after a poll has seen it', async () => {
    for (let number = 2; number < 1_000; number++) writeFileSync(cron(`many-${number}.json`), '{}');
    await clock.advance(1_000);
    save(cron('a.json'), '"new"');
    reports = [];
    await clock.advance(1_099);
    expect(reports).toEqual([]);
    await clock.advance(1);
    expect(reports).toEqual(['site/a']);
  });

  test('A file that is still being written while many others are polled is reported once it is complete', async () => {
    for (let number = 2; number < 1_000; number++) writeFileSync(cron(`many-${number}.json`), '{}');
    await clock.advance(1_000);
    reports = [];
    for (let n = 0; n < 10; n++) {
      save(cron('a.json'), '{'.repeat(n));
      await clock.advance(200);
    }
    expect(reports).toEqual([]);
    expect(await newReports()).toEqual(['site/a']);
  });

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

describe('watchFolder, a file that is being written', () => {
  test('A file is reported once, after it has stopped changing', async () => {
    reports = [];
    for (let n = 0; n < 10; n++) {
      save(cron('a.json'), '{'.repeat(n));
      await clock.advance(200);
    }
    expect(reports).toEqual([]);
    expect(await newReports()).toEqual(['site/a']);
  });

  test('A file that an editor deletes and writes again is reported once', async () => {
    rmSync(cron('a.json'));
    await clock.advance(200);
    save(cron('a.json'), '"z"');
    expect(await newReports()).toEqual(['site/a']);
    expect(await newReports()).toEqual([]);
  });

  test('A file that is deleted before it was reported is not reported', async () => {
    save(cron('new.json'), '{}');
    await clock.advance(200);
    rmSync(cron('new.json'));
    expect(await newReports()).toEqual([]);
  });
});

describe('watchFolder, the folder itself', () => {
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
