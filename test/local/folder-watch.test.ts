import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { watchFolder } from '../../lib/local/folder-watch.ts';
import { systemClock } from '../../lib/system/clock.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const NOON = Date.parse('2026-03-02T12:00:00Z');
/** What the watch promises: saved to told. */
const AT_MOST = 400;

let folder: string;
let clock: VirtualClock;
let log: MemoryLogger;
let told: string[];
let stop: () => void;

const cron = (name: string, site = 'site') => join(folder, site, 'crons', name);

/** Saves the file at a later tick of the file system's clock than it was saved before: on some systems 10 ms. */
function save(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const before = changeTime(path);
  do writeFileSync(path, text);
  while (changeTime(path) === before);
}

function changeTime(path: string): bigint | undefined {
  return statSync(path, { bigint: true, throwIfNoEntry: false })?.ctimeNs;
}

/** What is told within the promised time, sorted. */
async function news(): Promise<string[]> {
  told = [];
  await clock.advance(AT_MOST);
  return told.sort();
}

function start(path = folder): void {
  stop = watchFolder(path, clock, log, ({ site, uid }) => {
    told.push(uid === undefined ? site : `${site}/${uid}`);
  });
}

beforeEach(() => {
  folder = join(tempFolder(), 'parameters');
  clock = new VirtualClock(NOON);
  log = new MemoryLogger();
  told = [];
  save(cron('a.json'), '"a"');
  save(cron('b.json'), '"b"');
  start();
});
afterEach(() => stop());

describe('a change is told once', () => {
  test('what was there before is not news', async () => {
    expect(await news()).toEqual([]);
  });

  test.each<[string, () => void, string[]]>([
    ['a new cron', () => save(cron('new.json'), '{}'), ['site/new']],
    [
      'a new site with its crontab',
      () => {
        save(cron('c.json', 'new'), '');
        save(join(folder, 'new', 'crontab.json'), '{}');
      },
      ['new', 'new/c'],
    ],
    ['a cron that was written into', () => save(cron('a.json'), '"z"'), ['site/a']],
    ['a cron that was saved with what it held', () => save(cron('a.json'), '"a"'), ['site/a']],
    [
      'a cron that was replaced by another file',
      () => {
        save(cron('.a.tmp'), '"z"');
        renameSync(cron('.a.tmp'), cron('a.json'));
      },
      ['site/a'],
    ],
    [
      'a cron that was replaced by an older file',
      () => renameSync(cron('b.json'), cron('a.json')),
      ['site/a', 'site/b'],
    ],
    [
      'a cron whose times were set back',
      () => {
        save(cron('a.json'), '"z"');
        utimesSync(cron('a.json'), 1, 1);
      },
      ['site/a'],
    ],
    ['a cron that was deleted', () => rmSync(cron('a.json')), ['site/a']],
    ['a cron that was renamed', () => renameSync(cron('a.json'), cron('c.json')), ['site/a', 'site/c']],
    [
      'a site that was deleted',
      () => rmSync(join(folder, 'site'), { recursive: true }),
      ['site/a', 'site/b'],
    ],
    ['a link to itself', () => symlinkSync(cron('loop.json'), cron('loop.json')), ['site/loop']],
  ])('%s', async (_, change, expected) => {
    await clock.advance(1_000);
    change();
    expect(await news()).toEqual(expected);
    expect(await news()).toEqual([]);
  });

  test.each(['.a.json.swp', 'a.json~', '4913', '#a.json#', 'a.rejected.txt', '.a.json.123-1'])(
    '%s is not told',
    async (name) => {
      save(cron(name), '{}');
      expect(await news()).toEqual([]);
    },
  );

  test('a folder, even if it is called like a cron, is not told', async () => {
    mkdirSync(cron('folder.json'));
    expect(await news()).toEqual([]);
  });
});

describe('a file that is being written', () => {
  test('is told when it is still, once', async () => {
    told = [];
    for (let n = 0; n < 10; n++) {
      save(cron('a.json'), '{'.repeat(n));
      await clock.advance(200);
    }
    expect(told).toEqual([]);
    expect(await news()).toEqual(['site/a']);
  });

  test('by an editor that deletes it first, is told once', async () => {
    rmSync(cron('a.json'));
    await clock.advance(200);
    save(cron('a.json'), '"z"');
    expect(await news()).toEqual(['site/a']);
    expect(await news()).toEqual([]);
  });

  test('and deleted again before it was told is not told', async () => {
    save(cron('new.json'), '{}');
    await clock.advance(200);
    rmSync(cron('new.json'));
    expect(await news()).toEqual([]);
  });
});

describe('the folder', () => {
  test('may be deleted and made anew', async () => {
    rmSync(folder, { recursive: true });
    expect(await news()).toEqual(['site/a', 'site/b']);
    save(cron('a.json'), '"a"');
    expect(await news()).toEqual(['site/a']);
    save(cron('a.json'), '"z"');
    expect(await news()).toEqual(['site/a']);
  });

  test('may be made later', async () => {
    stop();
    rmSync(folder, { recursive: true });
    start();
    expect(await news()).toEqual([]);
    save(cron('a.json'), '"a"');
    expect(await news()).toEqual(['site/a']);
  });

  test('that cannot be read is told to the log once, and nothing of it is taken for gone', async () => {
    stop();
    const link = join(folder, '..', 'link');
    symlinkSync(folder, link);
    start(link);
    rmSync(link);
    symlinkSync(link, link);
    expect(await news()).toEqual([]);
    await clock.advance(5_000);
    expect(log.messages('error')).toEqual([
      expect.stringMatching(/^Cannot see what is in .*link: Error: ELOOP/),
    ]);
    rmSync(link);
    symlinkSync(folder, link);
    save(cron('a.json'), '"z"');
    expect(await news()).toEqual(['site/a']);
    rmSync(link);
    symlinkSync(link, link);
    await clock.advance(1_000);
    expect(log.messages('error')).toHaveLength(2);
  });
});

test('many crons that change at once are all told', async () => {
  for (let n = 0; n < 300; n++) save(cron(`c${n}.json`, `site-${n % 5}`), '{}');
  expect(await news()).toHaveLength(300);
});

test('after it was ended nothing is told, and nothing waits', async () => {
  stop();
  save(cron('a.json'), '"z"');
  expect(await news()).toEqual([]);
  expect(clock.waiting).toBe(0);
});

test('with the computer’s clock a change is told well within a second', async () => {
  stop();
  const seen: string[] = [];
  stop = watchFolder(folder, systemClock, log, ({ uid = '' }) => void seen.push(uid));
  save(cron('a.json'), '"z"');
  await vi.waitFor(() => expect(seen).toEqual(['a']), { timeout: 1_000, interval: 20 });
});
