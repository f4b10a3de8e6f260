// cspell:ignore htpp
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { CRON_DEFAULTS, Cron, type CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../../lib/core/domain/crontab-settings.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import { withRecords } from '../../../lib/core/domain/lease.ts';
import { siteNotFound } from '../../../lib/core/domain/not-found.ts';
import type { RunRecord } from '../../../lib/core/domain/run-record.ts';
import { reasonOf } from '../../../lib/core/forecast/cron-forecast.ts';
import type { SiteState } from '../../../lib/core/ports/store.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import type { Printed } from '../../../lib/surfaces/cli/output.ts';
import { lockedLines } from '../../../lib/surfaces/cli/plan-text.ts';
import { type SimulateOptions, simulate } from '../../../lib/surfaces/cli/simulate.ts';
import { clientOn } from '../../support/client.ts';
import { MINUTE, NOON } from '../../support/jobs.ts';
import { recordOf } from '../../support/run-records.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { makeWorld, type World } from '../../support/world.ts';

const PROBLEM = { where: 'periodicity', got: '"x"', wanted: 'five fields', fix: 'Write five.' };

let world: World;
let crons: SiteState['crons'][number][];
let settings: Partial<CrontabSettings>;
/** The run records of each cron. */
const records = new Map<string, readonly RunRecord[]>();
beforeEach(async () => {
  world = makeWorld();
  await world.clock.advance(NOON - world.clock.now());
  crons = [];
  records.clear();
  settings = {};
});
afterEach(() => {
  vi.restoreAllMocks();
  world.close();
});

/** Adds a cron that runs each minute; its past runs took so many seconds. */
function addCron(uid: string, fields: Partial<CronFields> = {}, ...seconds: number[]): void {
  const past = seconds.map((took) => recordOf(0, { uid, endedAt: NOON + took * 1000 }));
  records.set(uid, past);
  crons.push({
    uid,
    cron: { modified: 1, version: 1, value: fieldsOf(uid, fields) },
    job: withRecords(newJob('default', uid), past).job,
  });
}

function fieldsOf(uid: string, fields: Partial<CronFields> = {}): CronFields & { readonly uid: string } {
  return { ...CRON_DEFAULTS, uid, name: 'heartbeat', periodicity: '* * * * *', ...fields };
}

/** The reason of an occurrence that meets the run of noon, under that overlap policy. */
function overlapReason(overlap: CronFields['overlap']): string | undefined {
  const cron = new Cron(fieldsOf('any', { overlap }));
  return reasonOf({ cron, plannedAt: NOON + MINUTE, fate: 'overlaps', meets: NOON });
}

/** What the command prints for a target whose sites have this state. */
async function printed(
  options: Partial<SimulateOptions>,
  state: SiteState,
  sites: string[] = ['default'],
): Promise<Printed> {
  vi.spyOn(world.ports.store, 'readSite').mockResolvedValue(state);
  vi.spyOn(world.ports.store, 'sites').mockResolvedValue(sites);
  vi.spyOn(world.ports.store, 'records').mockImplementation(async (_site, uid) => ({
    records: records.get(uid) ?? [],
  }));
  const target = clientOn({ ...world.ports, runners: new RunnerTable({}) }, { name: 'a test' });
  return simulate(target, { site: 'default', from: 'now', to: '+3m', ...options });
}

async function simulated(options: Partial<SimulateOptions> = {}): Promise<string> {
  const crontab = { modified: 1, version: 1, value: { ...CRONTAB_DEFAULTS, ...settings } };
  const { text, code } = await printed(options, { crontab, crons });
  expect(code).toBe(0);
  return text;
}

async function simulatedJson(options: Partial<SimulateOptions> = {}) {
  return JSON.parse(await simulated({ ...options, json: true }));
}

function profile(text: string, name = 'crons.yaml'): { readonly file: string } {
  const file = join(tempFolder(), name);
  writeFileSync(file, text);
  return { file };
}

describe('cloudtab simulate', () => {
  it('cloudtab simulate prints the occurrences of a period, the totals of each cron and the busiest minutes', async () => {
    addCron('fast', {}, 1);
    addCron('slow', { periodicity: '*/1 * * * *' }, 90, 100, 80);
    expect(await simulated()).toBe(
      [
        'The crontab of default would do 5 runs of 2 crons from 2026-03-02 12:00 UTC to 2026-03-02 12:03 UTC; 1 planned time would not run.',
        '',
        'TIME                      UID',
        'Mon 2 Mar 2026 12:00 UTC  fast',
        'Mon 2 Mar 2026 12:00 UTC  slow',
        'Mon 2 Mar 2026 12:01 UTC  fast',
        `Mon 2 Mar 2026 12:01 UTC  slow  skipped: ${overlapReason('skip')}`,
        'Mon 2 Mar 2026 12:02 UTC  fast',
        'Mon 2 Mar 2026 12:02 UTC  slow',
        '',
        'UID   RUNS  SKIPPED  WAIT  OVERLAP  USUALLY     FIRST                 LAST',
        'fast  3                             1 s         2026-03-02 12:00 UTC  2026-03-02 12:02 UTC',
        'slow  2     1                       1 min 30 s  2026-03-02 12:00 UTC  2026-03-02 12:02 UTC',
        '',
        'The minutes in which most crons start:',
        '2026-03-02 12:00 UTC  2 crons  fast, slow',
        '2026-03-02 12:02 UTC  2 crons  fast, slow',
      ].join('\n'),
    );
  });

  it('cloudtab simulate fits a terminal of 80 columns and cuts no time', async () => {
    addCron('every-minute', {}, 1);
    addCron('every-five-minutes', { periodicity: '*/5 * * * *' });
    addCron('slow', {}, 90, 100, 80);
    addCron('never', { periodicity: '@yearly' });
    const [headline = ''] = (await simulated()).split('\n');
    const text = await simulated({ width: 80 });
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(headline.length).toBeGreaterThan(80);
    expect(text.replaceAll('\n', ' ')).toContain(headline);
    expect(text).toMatch(/^UID +never\nRUNS +0$/m);
    expect(text).toMatch(/^UID +every-five-minutes\nRUNS +1\nFIRST +2026-03-02 12:00 UTC$/m);
    expect(text).not.toContain('…');
  });

  it('cloudtab simulate prints which occurrences wait and which overlap, and why', async () => {
    addCron('waits', { overlap: 'buffer' }, 90);
    addCron('beside', { overlap: 'allow' }, 90);
    const text = await simulated();
    expect(text).toContain(`waits   waits until 2026-03-02 12:01:30 UTC: ${overlapReason('buffer')}`);
    expect(text).toContain(`beside  overlaps: ${overlapReason('allow')}`);
    expect(text).toMatch(/^beside +3 +2 +1 min 30 s/m);
  });

  it('cloudtab simulate prints the local time of each occurrence and the effects of clock changes', async () => {
    settings = { timezone: 'Europe/Paris' };
    addCron('night', { periodicity: '30 2 * * *' }, 1);
    addCron('york', { periodicity: '0 20 * * *', timezone: 'America/New_York' }, 1);
    const period = { from: '2027-03-28', to: '+1d' };
    const text = await simulated(period);
    expect(text).toContain('TIME                        OWN CLOCK                  UID');
    expect(text).toContain('Sun 28 Mar 2027 01:00 CET   Sat 27 Mar 2027 20:00 EDT  york');
    expect(text).toContain('Sun 28 Mar 2027 03:00 CEST                             night');
    const [change, ...others] = (await simulatedJson(period)).clock;
    expect(change).toMatchObject({ uid: 'night', text: expect.stringMatching(/02:00.*03:00.*night/) });
    expect(others).toEqual([]);
    expect(text).toContain(`\n\n${change.text}`);
  });

  it('cloudtab simulate limits the number of its lines and names, unless --all is given', async () => {
    addCron('a', {}, 1);
    settings = { timezone: 'Europe/Paris' };
    for (let index = 0; index < 11; index++) addCron(`night-${index}`, { periodicity: '30 2 * * *' }, 1);
    const some = await simulated({ from: '2027-03-28', to: '+1d' });
    expect(some).toContain('… 1,411 more: --all shows them.');
    expect(some).toContain('… 1 more such times: --all shows them.');
    expect(some).toContain(
      '12 crons  a, night-0, night-1, night-2, night-3, night-4, night-5, night-6 and 4 more',
    );
    expect(some.split('\n').length).toBeLessThan(80);
    const every = await simulated({ from: '2027-03-28', to: '+1d', all: true });
    expect(every).not.toContain('--all');
    expect(every).not.toMatch(/^…/m);
    expect(every.split('\n').length).toBeGreaterThan(1451);
  });

  it('cloudtab simulate notes rejected edits, crons without a run record and crons that are switched off', async () => {
    addCron('new');
    addCron('off', { activated: false });
    crons.push({ uid: 'never', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    addCron('edited', {}, 1);
    const last = crons.at(-1);
    if (last?.cron) crons.splice(-1, 1, { ...last, cron: { ...last.cron, problems: [PROBLEM] } });
    const text = await simulated();
    expect(text.split('\n').slice(1, 4)).toEqual([
      '! never: the latest edit is not valid; no version has been valid, so nothing runs.',
      '! edited: the latest edit is not valid; this forecast uses the version before.',
      'No run record for new: overlaps of its runs are unknown.',
    ]);
    expect(text).toMatch(/^off +off$/m);
  });

  it('cloudtab simulate says of the first eight crons that are off since when, and with --all of every one', async () => {
    for (let n = 1; n <= 9; n++) addCron(`off${n}`, { activated: false });
    const off = { since: NOON - 3 * 60 * MINUTE, by: 'ana', note: 'moving' };
    for (const [index, one] of crons.entries()) {
      if (one.cron) crons[index] = { ...one, cron: { ...one.cron, off } };
    }
    const lines = async (options: Partial<SimulateOptions> = {}) =>
      (await simulated(options)).split('\n').filter((line) => /^[–…] /.test(line));
    expect(await lines()).toHaveLength(9);
    expect((await lines()).at(-1)).toBe('… 1 more crons are off: --all shows since when.');
    expect((await lines({ all: true })).at(-1)).toBe(
      '– off9 is off since 2026-03-02 09:00 UTC by ana: moving',
    );
  });

  it('cloudtab simulate forecasts no run for a crontab that is switched off or empty', async () => {
    addCron('a', {}, 1);
    settings = { activated: false };
    expect((await simulatedJson()).runs).toEqual([]);
    expect((await simulated()).split('\n').slice(1)).toEqual([
      'The crontab of default is switched off: no cron runs.',
      '',
      'UID  RUNS  SKIPPED  WAIT  OVERLAP  USUALLY  FIRST  LAST',
      'a    off                           1 s',
    ]);
    crons = [];
    settings = {};
    expect((await simulatedJson()).runs).toEqual([]);
    expect((await simulated()).split('\n')).toHaveLength(1);
  });

  it('cloudtab simulate --json prints the same occurrences as the text', async () => {
    addCron('slow', {}, 90);
    crons.push({ uid: 'never', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    expect(await simulatedJson()).toEqual({
      site: 'default',
      from: '2026-03-02T12:00:00Z',
      to: '2026-03-02T12:03:00Z',
      rejected: [{ uid: 'never', inForce: false }],
      cronsOff: [],
      runs: [
        { uid: 'slow', plannedAt: '2026-03-02T12:00:00Z', fate: 'runs', starts: '2026-03-02T12:00:00Z' },
        { uid: 'slow', plannedAt: '2026-03-02T12:01:00Z', fate: 'skipped', reason: overlapReason('skip') },
        { uid: 'slow', plannedAt: '2026-03-02T12:02:00Z', fate: 'runs', starts: '2026-03-02T12:02:00Z' },
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

  it('cloudtab simulate --json counts the omitted occurrences and lists clock changes and busy minutes', async () => {
    settings = { timezone: 'Europe/Paris' };
    addCron('a', {}, 1);
    addCron('night', { periodicity: '30 2 * * *', activated: true }, 1);
    addCron('off', { activated: false });
    const json = await simulatedJson({ from: '2027-03-28', to: '+1d' });
    expect(json).toMatchObject({ left: 1401, clock: [{ uid: 'night', plannedAt: '2027-03-28T01:00:00Z' }] });
    expect(json.busiest).toEqual([{ plannedAt: '2027-03-28T01:00:00Z', uids: ['a', 'night'] }]);
    expect(json.totals.at(-1)).toMatchObject({ uid: 'off', first: null, last: null });
  });
});

describe('cloudtab simulate FILE', () => {
  it('cloudtab simulate FILE prints the added, removed and changed occurrences and the totals before and after', async () => {
    addCron('a', {}, 1);
    addCron('gone', { periodicity: '1 12 * * *' }, 1);
    addCron('same', { periodicity: '2 12 * * *' }, 1);
    const text = await simulated(
      profile(`crons:
  - {uid: a, periodicity: "1-2 * * * *", overlap: allow}
  - {uid: gone, remove: true}
  - {uid: same, logsLimit: null}
  - {uid: new, name: heartbeat, periodicity: "2 12 * * *"}
`),
    );
    const [notes = '', ...sections] = text.split('\n\n');
    expect(notes).toMatch(/^With the profile, .*\n.* new\b.*$/);
    expect(sections).toEqual([
      [
        '~ a: periodicity, overlap',
        '- gone',
        '+ new',
        '1 to add, 1 to change, 1 to remove; 1 unchanged.',
      ].join('\n'),
      [
        '  TIME                      UID',
        '- Mon 2 Mar 2026 12:00 UTC  a',
        '- Mon 2 Mar 2026 12:01 UTC  gone',
        '+ Mon 2 Mar 2026 12:02 UTC  new',
      ].join('\n'),
      [
        'UID   RUNS   SKIPPED  WAIT  OVERLAP  USUALLY  FIRST                 LAST',
        'a     3 → 2                          1 s      2026-03-02 12:01 UTC  2026-03-02 12:02 UTC',
        'gone  1 → 0                          1 s',
        'same  1                              1 s      2026-03-02 12:02 UTC  2026-03-02 12:02 UTC',
        'new   0 → 1                                   2026-03-02 12:02 UTC  2026-03-02 12:02 UTC',
      ].join('\n'),
      expect.stringMatching(/^.*\n2026-03-02 12:02 UTC {2}3 crons {2}a, same, new$/),
    ]);
  });

  it.each<[string, string]>([
    ['crons.yaml', 'crons: [{uid: a, activated: false}]'],
    ['crons.json', '{"crons": [{"uid": "a", "activated": false}]}'],
    ['crons.xml', '<crons><cron uid="a" activated="false"/></crons>'],
    ['crontab', '# cloudtab: {"uid": "a", "activated": false}\n* * * * * heartbeat {}\n'],
  ])('cloudtab simulate FILE reads the format of %s', async (name, text) => {
    addCron('a');
    expect(await simulatedJson(profile(text, name))).toMatchObject({
      plan: { steps: [{ kind: 'change', changes: [{ field: 'activated', after: false }] }] },
      totals: [{ uid: 'a', active: false, runs: 0 }],
    });
  });

  it.each(['--format=yaml', '--runner=shell', '--prune'])(
    'cloudtab simulate rejects %s without a file, which it would ignore',
    async (option) => {
      const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
      expect(await main(['simulate', option, '--json'])).toBe(2);
      expect(JSON.parse(String(write.mock.calls[0]?.[0])).error).toEqual({
        code: 'usage',
        message: expect.stringMatching(`^option '${option.split('=')[0]}' requires a file\n`),
      });
    },
  );

  it('cloudtab simulate FILE marks an occurrence that only ends otherwise', async () => {
    addCron('slow', {}, 90);
    const file = profile('crons: [{uid: slow, overlap: buffer}]');
    const text = await simulated(file);
    expect(text).toMatch(/^~ Mon 2 Mar 2026 12:01 UTC {2}slow {2}.*2026-03-02 12:01:30 UTC/m);
    expect(text).toMatch(/^slow +2 → 3 +1 → 0 +0 → 2 /m);
    expect((await simulatedJson(file)).runs[0]).toMatchObject({
      change: 'changed',
      plannedAt: '2026-03-02T12:01:00Z',
      fate: 'waits',
      starts: '2026-03-02T12:01:30Z',
    });
  });

  it('cloudtab simulate FILE says that no occurrence changes', async () => {
    addCron('a', {}, 1);
    expect(await simulated(profile('crons: [{uid: a, logsLimit: 7}]'))).toContain(
      '\n\nThe profile changes no planned time.\n\n',
    );
  });

  it('cloudtab simulate FILE applies a new time zone of the crontab to its crons', async () => {
    settings = { timezone: 'Asia/Tokyo' };
    addCron('a', { periodicity: '0 13 * * *' }, 1);
    const file = profile('crontab: {timezone: Europe/Paris}');
    const text = await simulated({ ...file, to: '+1d' });
    expect(text).toContain('\n\n~ the crontab of default: timezone\n');
    expect(text).toContain('+ Mon 2 Mar 2026 13:00 CET  a');
    expect(text).toContain('- Tue 3 Mar 2026 05:00 CET  a');
    const back = await simulatedJson({ ...profile('crontab: {timezone: null}'), to: '+1d' });
    expect(back.totals).toMatchObject([{ uid: 'a', first: '2026-03-02T13:00:00Z' }]);
  });

  it('cloudtab simulate FILE forecasts no run when it switches the crontab off, and all when it switches it on', async () => {
    addCron('a', {}, 1);
    const off = profile('crontab: {activated: false}');
    expect(await simulatedJson(off)).toMatchObject({ totalsBefore: [{ runs: 3 }], totals: [{ runs: 0 }] });
    expect(await simulated(off)).toContain('\nThe crontab of default is switched off: no cron runs.\n');
    settings = { activated: false };
    const on = await simulated(profile('crontab: {activated: true}'));
    expect(on).toMatch(/^a +0 → 3 /m);
    expect(on).not.toContain('is switched off');
  });

  it('cloudtab simulate FILE ignores the durations of past runs when the runner changes', async () => {
    addCron('a', {}, 90);
    const http = 'crons: [{uid: a, name: http, environ: {url: "https://example.com"}}]';
    const { totals, totalsBefore } = await simulatedJson(profile(http));
    expect(totalsBefore).toMatchObject([{ uid: 'a', duration: 90_000 }]);
    expect(totals).toMatchObject([{ uid: 'a', runs: 3, skipped: 0 }]);
    expect(totals[0]).not.toHaveProperty('duration');
  });

  it('cloudtab simulate FILE --json prints the plan and the changed occurrences', async () => {
    addCron('a', {}, 1);
    const json = await simulatedJson(profile('crons: [{uid: a, remove: true}]'));
    expect(json).toMatchObject({
      plan: { changes: true, steps: [{ kind: 'remove', uid: 'a', pruned: false }] },
      totalsBefore: [{ uid: 'a', runs: 3 }],
      totals: [],
    });
    expect(json.runs[0]).toEqual({
      change: 'removed',
      uid: 'a',
      plannedAt: '2026-03-02T12:00:00Z',
      fate: 'runs',
      starts: '2026-03-02T12:00:00Z',
    });
  });

  it('cloudtab simulate FILE --prune removes the crons that the file omits', async () => {
    addCron('a', {}, 1);
    addCron('b', {}, 1);
    const file = profile('crons: [{uid: a}]');
    expect((await simulatedJson(file)).totals).toMatchObject([{ uid: 'a' }, { uid: 'b' }]);
    expect((await simulatedJson({ ...file, prune: true })).totals).toMatchObject([{ uid: 'a' }]);
  });

  it('cloudtab simulate FILE removes and adds a cron of the same uid with none of its fields', async () => {
    addCron('a', { timezone: 'Asia/Tokyo', activated: false }, 1);
    const again = '{uid: a, remove: true}, {uid: a, name: heartbeat, periodicity: "1 12 * * *"}';
    const { totals } = await simulatedJson(profile(`crons: [${again}]`));
    expect(totals).toMatchObject([{ uid: 'a', active: true, runs: 1, first: '2026-03-02T12:01:00Z' }]);
  });

  it('cloudtab simulate FILE notes rejected versions except those that it replaces', async () => {
    crons.push({ uid: 'never', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    crons.push({ uid: 'replaced', cron: { modified: 1, version: 1, problems: [PROBLEM] } });
    const replacement = profile('crons: [{uid: replaced, name: heartbeat, periodicity: "@daily"}]');
    expect((await simulatedJson(replacement)).rejected).toEqual([{ uid: 'never', inForce: false }]);
    expect((await simulatedJson()).rejected).toHaveLength(2);
  });

  it('cloudtab simulate FILE says that a read-only crontab has to be unlocked first', async () => {
    settings = { readOnly: true };
    addCron('a', {}, 1);
    const file = profile('crons: [{uid: a, remove: true}]');
    const [line = ''] = lockedLines({ site: 'default', locked: true });
    expect(await simulated(file)).toContain(`\n${line}\n`);
    expect((await simulatedJson(file)).plan.locked).toBe(true);
  });

  it('cloudtab simulate FILE lists the lines of a Unix crontab that it leaves out', async () => {
    const options = profile('@reboot start.sh\n@hourly heartbeat {}\n', 'crontab');
    const file = { ...options, skipUnsupported: true as const };
    expect(await simulated(file)).toContain(`! ${file.file}:1:1 is left out: @reboot start.sh\n`);
    expect((await simulatedJson(file)).plan.leftOut).toMatchObject([{ line: 1 }]);
  });

  it('cloudtab simulate FILE prints all problems of a file with their places, and exits with 1', async () => {
    addCron('a');
    const wrong = profile('crons:\n  - {uid: a, overlap: maybe}\n  - {uid: b}\n');
    const { text, code } = await printed({ ...wrong, json: true }, { crons });
    expect(code).toBe(1);
    expect(JSON.parse(text).problems).toMatchObject([
      { line: 2, uid: 'a', where: 'overlap' },
      { line: 3, uid: 'b', where: 'name' },
      { line: 3, uid: 'b', where: 'periodicity' },
    ]);
    const unknown = profile('crons: [{uid: b, name: htpp, periodicity: "@daily"}]');
    expect(await printed(unknown, { crons })).toMatchObject({
      code: 1,
      text: expect.stringContaining(`${unknown.file}:1:18 b: name: got "htpp"`),
    });
    const malformed = profile('crons: [{uid: a, overlap: allow}\n');
    const refused = await printed({ ...malformed, json: true }, { crons });
    expect(refused.code).toBe(1);
    expect(JSON.parse(refused.text)).toMatchObject({ changes: false, problems: [{ where: 'value' }] });
    await expect(simulated({ file: '/nowhere/crons.yaml' })).rejects.toThrow(
      /^Cannot read \/nowhere\/crons\.yaml: /,
    );
  });
});

describe('cloudtab simulate --site', () => {
  it('cloudtab simulate explains that a site does not exist', async () => {
    const { message } = siteNotFound('x', ['default', 'shop'], 'a test');
    await expect(printed({ site: 'x' }, { crons: [] }, ['default', 'shop'])).rejects.toThrow(
      `${message} To create it, add --new-site.`,
    );
  });

  it('cloudtab simulate --new-site forecasts a profile for a site that does not exist', async () => {
    const file = profile('crons: [{uid: a, name: heartbeat, periodicity: "* * * * *"}]');
    const options = { ...file, site: 'x', newSite: true, json: true } as const;
    const { text } = await printed(options, { crons: [] }, ['default']);
    expect(JSON.parse(text)).toMatchObject({ site: 'x', totalsBefore: [], totals: [{ uid: 'a', runs: 3 }] });
  });

  it('cloudtab simulate uses the default settings for a site without any', async () => {
    addCron('a', {}, 1);
    const { text } = await printed({ to: `+${MINUTE / 60_000}m`, json: true }, { crons });
    expect(JSON.parse(text).runs).toMatchObject([
      { uid: 'a', plannedAt: '2026-03-02T12:00:00Z', fate: 'runs' },
    ]);
  });
});

it('cloudtab simulate is a command with options for the folder and the period', async () => {
  const dir = tempFolder();
  const folder = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'a.json'), '{"name": "heartbeat", "periodicity": "@daily"}');
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  const period = ['--from', '2027-03-28', '--to', '+7d'];
  expect(await main(['simulate', '--dir', dir, ...period, '--json'])).toBe(0);
  const { from, runs } = JSON.parse(out);
  expect(from).toBe('2027-03-28T00:00:00Z');
  expect(runs).toHaveLength(7);
  out = '';
  const { file } = profile('crons: [{uid: a, periodicity: "@hourly"}]');
  expect(await main(['simulate', '--dir', dir, ...period, file, '--json'])).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ totalsBefore: [{ runs: 7 }], totals: [{ runs: 168 }] });
  out = '';
  expect(await main(['simulate', '--dir', dir, ...period])).toBe(0);
  expect(out).toMatch(/ 2027-03-28 00:00 UTC .* 2027-04-04 00:00 UTC/);
  out = '';
  expect(await main(['simulate', '--help'])).toBe(0);
  expect(out).toContain('$ cloudtab simulate');
});
