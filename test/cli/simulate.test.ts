import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { type SimulateOptions, simulate } from '../../lib/cli/simulate.ts';
import { CRON_DEFAULTS, type CronFields } from '../../lib/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../lib/domain/crontab-settings.ts';
import { newJob } from '../../lib/domain/job.ts';
import { folderOf } from '../../lib/local/folder.ts';
import type { SiteState } from '../../lib/ports/store.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { MINUTE, NOON } from '../support/jobs.ts';
import { tempFolder } from '../support/temp-folder.ts';

const PROBLEM = { where: 'periodicity', got: '"x"', wanted: 'five fields', cure: 'Mend it.' };
const SKIPPED = 'skipped: The run of 2026-03-02T12:00:00Z still goes on; overlap is "skip".';

let crons: SiteState['crons'][number][];
let settings: Partial<CrontabSettings>;
beforeEach(() => {
  crons = [];
  settings = {};
});
afterEach(() => vi.restoreAllMocks());

/** A cron that runs each minute; its past runs took so many seconds. */
function cron(uid: string, fields: Partial<CronFields> = {}, ...seconds: number[]): void {
  const logs = seconds.map((took, index) => {
    const date = NOON + took * 1000;
    return { id: String(index), at: NOON, started: NOON, date, status: 'OK' as const, messages: [] };
  });
  const value = { ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '* * * * *', ...fields };
  crons.push({ uid, cron: { modified: 1, version: 1, value }, job: { ...newJob('default', uid), logs } });
}

function simulated(options: Partial<SimulateOptions> = {}): Promise<string> {
  const crontab = { modified: 1, version: 1, value: { ...CRONTAB_DEFAULTS, ...settings } };
  const store = { readSite: async () => ({ crontab, crons }), sites: async () => ['default'] };
  const where = { store, name: 'a test', runners: new RunnerTable({}) };
  return simulate(where, { site: 'default', from: 'now', to: '+3m', ...options }, NOON);
}

function edit(value: unknown): { readonly edit: string } {
  const file = join(tempFolder(), 'edit.json');
  writeFileSync(file, JSON.stringify(value));
  return { edit: file };
}

describe('what a crontab would do', () => {
  it('is told by time, by cron, and by minute', async () => {
    cron('fast', {}, 1);
    cron('slow', { periodicity: '*/1 * * * *' }, 90, 100, 80);
    expect(await simulated()).toBe(
      [
        'The crontab of default would do 5 runs of 2 crons from 2026-03-02T12:00:00Z to 2026-03-02T12:03:00Z; 1 planned time would not run.',
        '',
        'TIME                  CLOCK      UID',
        '2026-03-02T12:00:00Z  Mon 12:00  fast',
        '2026-03-02T12:00:00Z  Mon 12:00  slow',
        '2026-03-02T12:01:00Z  Mon 12:01  fast',
        `2026-03-02T12:01:00Z  Mon 12:01  slow  ${SKIPPED}`,
        '2026-03-02T12:02:00Z  Mon 12:02  fast',
        '2026-03-02T12:02:00Z  Mon 12:02  slow',
        '',
        'UID   RUNS  SKIPPED  WAIT  OVERLAP  USUALLY     FIRST                 LAST',
        'fast  3                             1 s         2026-03-02T12:00:00Z  2026-03-02T12:02:00Z',
        'slow  2     1                       1 min 30 s  2026-03-02T12:00:00Z  2026-03-02T12:02:00Z',
        '',
        'The minutes in which most crons start:',
        '2026-03-02T12:00:00Z  2 crons  fast, slow',
        '2026-03-02T12:02:00Z  2 crons  fast, slow',
      ].join('\n'),
    );
  });

  it('fits a terminal of 80 columns, and cuts no time', async () => {
    cron('every-minute', {}, 1);
    cron('every-five-minutes', { periodicity: '*/5 * * * *' });
    cron('slow', {}, 90, 100, 80);
    const text = await simulated({ width: 80 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(text).toContain('to\n2026-03-02T12:03:00Z; 1 planned time would not run.');
    expect(text).toMatch(/^UID +every-five-minutes\nRUNS +1\nFIRST +2026-03-02T12:00:00Z$/m);
    expect(text).not.toContain('…');
  });

  it('says what waits, and what overlaps', async () => {
    cron('waits', { overlap: 'buffer' }, 90);
    cron('beside', { overlap: 'allow' }, 90);
    const text = await simulated();
    expect(text).toContain(
      'waits   waits until 2026-03-02T12:01:30Z: The run of 2026-03-02T12:00:00Z still goes on; overlap is "buffer".',
    );
    expect(text).toContain(
      'beside  overlaps: The run of 2026-03-02T12:00:00Z still goes on; overlap is "allow".',
    );
    expect(text).toMatch(/^beside +3 +2 +1 min 30 s/m);
  });

  it('shows the clock of each zone, and what changes of it do', async () => {
    settings = { timezone: 'Europe/Paris' };
    cron('night', { periodicity: '30 2 * * *' }, 1);
    cron('york', { periodicity: '0 20 * * *', timezone: 'America/New_York' }, 1);
    const text = await simulated({ from: '2027-03-28', to: '+1d' });
    expect(text).toContain('2027-03-28T00:00:00Z  Sat 20:00  york');
    expect(text).toContain('2027-03-28T01:00:00Z  Sun 03:00  night');
    expect(text).toContain(
      '\n\nOn 2027-03-28 the clock of Europe/Paris goes forward from 02:00 to 03:00: 02:30 does not exist, so night runs at 03:00.',
    );
  });

  it('has as many lines as a person reads, unless all are wanted', async () => {
    cron('a', {}, 1);
    settings = { timezone: 'Europe/Paris' };
    for (let index = 0; index < 11; index++) cron(`night-${index}`, { periodicity: '30 2 * * *' }, 1);
    const some = await simulated({ from: '2027-03-28', to: '+1d' });
    expect(some).toContain('… 1,411 more: --all shows them.');
    expect(some).toContain('… 1 more such times: --all shows them.');
    expect(some).toContain(
      '12 crons  a, night-0, night-1, night-2, night-3, night-4, night-5, night-6 and 4 more',
    );
    expect(some.split('\n').length).toBeLessThan(80);
    const every = await simulated({ from: '2027-03-28', to: '+1d', all: true });
    expect(every).not.toContain('more: --all');
    expect(every).not.toContain('more such times');
    expect(every.split('\n').length).toBeGreaterThan(1451);
  });

  it('says what it cannot know, what is off, and what was rejected', async () => {
    cron('new');
    cron('off', { activated: false });
    crons.push({ uid: 'never', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    cron('edited', {}, 1);
    const last = crons.at(-1);
    if (last?.cron) crons.splice(-1, 1, { ...last, cron: { ...last.cron, problems: [PROBLEM] } });
    const text = await simulated();
    expect(text.split('\n').slice(1, 4)).toEqual([
      '! never is not valid and never was: it does not run.',
      '! edited was edited and is not valid: what held before is what counts here.',
      'No run is on record of new: whether runs overlap cannot be told.',
    ]);
    expect(text).toMatch(/^off +off$/m);
  });

  it('is nothing when the crontab is off, or empty', async () => {
    cron('a', {}, 1);
    settings = { activated: false };
    expect((await simulated()).split('\n')).toEqual([
      'The crontab of default would do 0 runs of 0 crons from 2026-03-02T12:00:00Z to 2026-03-02T12:03:00Z.',
      'The crontab of default is switched off: nothing runs.',
      '',
      'UID  RUNS  SKIPPED  WAIT  OVERLAP  USUALLY  FIRST  LAST',
      'a    off                           1 s',
    ]);
    crons = [];
    settings = {};
    expect((await simulated()).split('\n')).toHaveLength(1);
  });

  it('is JSON for programs, with the same runs', async () => {
    cron('slow', {}, 90);
    crons.push({ uid: 'never', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    expect(JSON.parse(await simulated({ json: true }))).toEqual({
      site: 'default',
      from: '2026-03-02T12:00:00Z',
      to: '2026-03-02T12:03:00Z',
      rejected: [{ uid: 'never', inForce: false }],
      runs: [
        { uid: 'slow', at: '2026-03-02T12:00:00Z', fate: 'runs', starts: '2026-03-02T12:00:00Z' },
        {
          uid: 'slow',
          at: '2026-03-02T12:01:00Z',
          fate: 'skipped',
          reason: SKIPPED.slice('skipped: '.length),
        },
        { uid: 'slow', at: '2026-03-02T12:02:00Z', fate: 'runs', starts: '2026-03-02T12:02:00Z' },
      ],
      left: 0,
      totals: [
        {
          uid: 'slow',
          name: 'heartbeat',
          active: true,
          runs: 2,
          overlaps: 0,
          waits: 0,
          skipped: 1,
          duration: 90_000,
          first: '2026-03-02T12:00:00Z',
          last: '2026-03-02T12:02:00Z',
        },
      ],
      clock: [],
      busiest: [],
    });
  });

  it('counts in JSON what is left out, and tells clocks and busy minutes', async () => {
    settings = { timezone: 'Europe/Paris' };
    cron('a', {}, 1);
    cron('night', { periodicity: '30 2 * * *', activated: true }, 1);
    cron('off', { activated: false });
    const json = JSON.parse(await simulated({ from: '2027-03-28', to: '+1d', json: true }));
    expect(json).toMatchObject({ left: 1401, clock: [{ uid: 'night', at: '2027-03-28T01:00:00Z' }] });
    expect(json.busiest).toEqual([{ at: '2027-03-28T01:00:00Z', uids: ['a', 'night'] }]);
    expect(json.totals.at(-1)).toMatchObject({ uid: 'off', first: null, last: null });
  });
});

describe('what an edit would change', () => {
  it('is told as times that come, go, or end otherwise, and as numbers', async () => {
    cron('a', {}, 1);
    cron('gone', { periodicity: '1 12 * * *' }, 1);
    cron('same', { periodicity: '2 12 * * *' }, 1);
    const text = await simulated(
      edit([
        { uid: 'a', periodicity: '1-2 * * * *', overlap: 'allow' },
        { uid: 'gone', remove: true },
        { uid: 'same', logsLimit: 5 },
        { uid: 'new', name: 'heartbeat', periodicity: '2 12 * * *' },
      ]),
    );
    expect(text).toBe(
      [
        'With the edit, the crontab of default would do 4 runs of 3 crons from 2026-03-02T12:00:00Z to 2026-03-02T12:03:00Z.',
        'No run is on record of new: whether runs overlap cannot be told.',
        '',
        '~ a edited: periodicity, overlap',
        '- gone removed',
        '= same unchanged',
        '+ new added',
        '',
        '  TIME                  CLOCK      UID',
        '- 2026-03-02T12:00:00Z  Mon 12:00  a',
        '- 2026-03-02T12:01:00Z  Mon 12:01  gone',
        '+ 2026-03-02T12:02:00Z  Mon 12:02  new',
        '',
        'UID   RUNS   SKIPPED  WAIT  OVERLAP  USUALLY  FIRST                 LAST',
        'a     3 → 2                          1 s      2026-03-02T12:01:00Z  2026-03-02T12:02:00Z',
        'gone  1 → 0                          1 s',
        'same  1                              1 s      2026-03-02T12:02:00Z  2026-03-02T12:02:00Z',
        'new   0 → 1                                   2026-03-02T12:02:00Z  2026-03-02T12:02:00Z',
        '',
        'The minutes in which most crons start:',
        '2026-03-02T12:02:00Z  3 crons  a, same, new',
      ].join('\n'),
    );
  });

  it('marks what only ends otherwise', async () => {
    cron('slow', {}, 90);
    const text = await simulated(edit({ uid: 'slow', overlap: 'buffer' }));
    expect(text).toContain(
      '~ 2026-03-02T12:01:00Z  Mon 12:01  slow  waits until 2026-03-02T12:01:30Z: The run',
    );
    expect(text).toMatch(/^slow +2 → 3 +1 → 0 +0 → 2 /m);
  });

  it('may be nothing', async () => {
    cron('a', {}, 1);
    expect(await simulated(edit({ uid: 'a', logsLimit: 7 }))).toContain(
      '\n\nThe edit changes no planned time.\n\n',
    );
  });

  it('does not take the runs of another runner for its own', async () => {
    cron('a', {}, 90);
    const http = { name: 'http', environ: { url: 'https://example.com' } };
    expect(await simulated(edit({ uid: 'a', ...http }))).toContain('No run is on record of a:');
  });

  it('is JSON for programs', async () => {
    cron('a', {}, 1);
    const json = JSON.parse(await simulated({ ...edit({ uid: 'a', remove: true }), json: true }));
    expect(json).toMatchObject({
      edits: [{ uid: 'a', kind: 'removed', fields: [] }],
      totalsBefore: [{ uid: 'a', runs: 3 }],
      totals: [],
    });
    expect(json.runs[0]).toEqual({
      change: 'removed',
      uid: 'a',
      at: '2026-03-02T12:00:00Z',
      fate: 'runs',
      starts: '2026-03-02T12:00:00Z',
    });
  });

  it('is refused with all its problems, or when there is no such file', async () => {
    cron('a');
    await expect(simulated(edit([{ uid: 'a', overlap: 'maybe' }, { uid: 'b' }]))).rejects.toThrow(
      /^crons\.0\.overlap: .*\ncrons\.1\.name: .*\ncrons\.1\.periodicity: /,
    );
    await expect(simulated({ edit: '/nowhere/edit.json' })).rejects.toThrow(
      "Cannot read the edit: ENOENT: no such file or directory, open '/nowhere/edit.json'",
    );
  });
});

describe('a site that does not exist', () => {
  it.each([
    [['shop', 'default'], 'It has: shop, default.'],
    [[], 'It has no site yet.'],
  ])('is told with those that do: %j', async (sites, there) => {
    const store = { readSite: async () => ({ crons: [] }), sites: async () => sites };
    const where = { store, name: 'a test', runners: new RunnerTable({}) };
    await expect(simulate(where, { site: 'x', from: 'now', to: '+1d' }, NOON)).rejects.toThrow(
      `There is no site "x" in a test. ${there} Choose one with --site.`,
    );
  });

  it('has settings that nobody wrote', async () => {
    cron('a', {}, 1);
    const store = { readSite: async () => ({ crons }), sites: async () => [] };
    const where = { store, name: 'a test', runners: new RunnerTable({}) };
    const text = await simulate(where, { site: 'default', from: 'now', to: `+${MINUTE / 60_000}m` }, NOON);
    expect(text).toContain('would do 1 run of 1 cron from');
  });
});

it('can be typed, for a folder and a period', async () => {
  const dir = tempFolder();
  const folder = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.json'), '{"name": "heartbeat", "periodicity": "@daily"}');
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  expect(await main(['simulate', '--dir', dir, '--from', '2027-03-28', '--to', '+7d'])).toBe(0);
  expect(out).toMatch(/^The crontab of default would do 7 runs of 1 cron from 2027-03-28T00:00:00Z to/);
  out = '';
  expect(await main(['simulate', '--help'])).toBe(0);
  expect(out).toContain('Examples:');
});
