/** Crontabs as real systems have them: what they become, and each difference by name. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXPORT_FORMATS } from '../../../lib/app/profiles/format-names.ts';
import { formatOf, readProfile, writeProfile } from '../../../lib/app/profiles/formats.ts';
import { planProfile } from '../../../lib/app/profiles/plan.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { NOON } from '../../support/jobs.ts';
import { siteOf } from './support.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/crontabs');
const limits = { bySite: { '*': { allowedFunctions: ['*'], allowCommands: true } } };
const options = { now: NOON, runners: new RunnerTable({}, limits), skipUnsupported: true, keepUnknown: true };

/** The plan for an empty site. Throws the problems of the text. */
function planned(text: string, name: string, site = siteOf()) {
  const { profile, problems } = readProfile(text, { name });
  if (!profile) throw new Error(JSON.stringify(problems));
  return planProfile(profile, site, options);
}

function fixture(name: string) {
  return planned(readFileSync(join(FOLDER, name), 'utf8'), name);
}

/** The crons that the plan adds. */
function cronsOf({ steps, problems }: ReturnType<typeof planned>) {
  expect(problems).toEqual([]);
  return steps.map((step) => (step.kind === 'add' ? step.cron.fields() : expect.unreachable(step.kind)));
}

/** All but the crons that they become, which are beside them. */
const NAMES = readdirSync(FOLDER).filter((name) => !name.endsWith('.yaml'));

describe('crontabs as real systems have them', () => {
  it.each(NAMES)('%s becomes the crons of the file beside it', async (name) => {
    const crons = cronsOf(fixture(name));
    const text = writeProfile({ site: 'shop', settings: CRONTAB_DEFAULTS, crons }, 'yaml');
    await expect(text).toMatchFileSnapshot(join(FOLDER, `${name}.yaml`));
  });

  const exports = NAMES.flatMap((name) => EXPORT_FORMATS.map((format) => [name, format] as const));
  it.each(exports)('%s, exported as %s, is read as the same crons', (name, format) => {
    const crons = cronsOf(fixture(name));
    const text = writeProfile({ site: 'shop', settings: CRONTAB_DEFAULTS, crons }, format);
    expect(planned(text, `crons.${format}`, siteOf(crons))).toMatchObject({
      steps: [],
      leftOut: [],
      notes: [],
    });
    const again = planned(text, `crons.${format}`);
    expect(cronsOf(again)).toEqual(crons);
  });

  it.each(NAMES.filter((name) => name.endsWith('.crontab')))(
    'The format of %s is found when it comes from "crontab -l"',
    (name) => {
      expect(formatOf('-', readFileSync(join(FOLDER, name), 'utf8'))).toBe('crontab');
    },
  );

  const differences: readonly [string, readonly string[], readonly string[]][] = [
    ['debian-user.crontab', ['10: Unlike under cron'], []],
    ['backup-jobs.crontab', ['3: cloudtab sends no mail', '8: Unlike under cron'], []],
    [
      'office.crontab',
      [
        '3: Unlike under cron',
        '4: The step of "*/60" as minute goes beyond its end: the line runs at minute 0 alone, as under cron. Write "0" if that is meant.',
        '5: The step of "17-21/7" as minute goes beyond its end',
        '6: The step of "*/36" as hour goes beyond its end',
        '7: The step of "*/45" as day of the month goes beyond its end: the line runs at day of the month 1 alone',
        '8: The step of "feb-apr/4" as month goes beyond its end: the line runs at month feb alone',
      ],
      [],
    ],
    ['server.crontab', ['7: Unlike under cron'], ['4: @reboot', '5: 0~30', '6: 25 6 * * * root']],
    [
      'rules.json',
      [
        '3: nightly-report is switched off: the file does not contain the target of its rule. Set it and switch the cron on: cloudtab edit nightly-report --name lambda:FUNCTION --on',
        '11: Shop-Stack-PollQueue5Minutes-',
        '11: Shop-Stack-PollQueue5Minutes-',
        '18: weekdays is switched off',
      ],
      ['25: every-seven-minutes rate(7 minutes)', '32: on-upload'],
    ],
    ['crons.xml', [], []],
  ];
  it('The differences of every fixture are listed', () => {
    expect(differences.map(([name]) => name).sort()).toEqual(NAMES.sort());
  });

  it.each(differences)('Each difference of %s is named, with its line', (name, notes, leftOut) => {
    const plan = fixture(name);
    const starts = (texts: readonly string[]) => texts.map((text) => expect.stringContaining(text));
    expect(plan.notes.map(({ line, text }) => `${line}: ${text}`)).toEqual(starts(notes));
    expect(plan.leftOut.map(({ line, text }) => `${line}: ${text}`)).toEqual(starts(leftOut));
  });

  it('Without --skip-unsupported each line that cannot become a cron is a problem with its reason', () => {
    const { profile } = readProfile(readFileSync(join(FOLDER, 'server.crontab'), 'utf8'));
    if (!profile) throw new Error('the crontab has problems');
    const { problems, leftOut } = planProfile(profile, siteOf(), { ...options, skipUnsupported: false });
    expect(leftOut).toEqual([]);
    expect(problems.map(({ line, where, got, fix }) => [line, where, got, fix])).toEqual([
      [4, 'file', '"@reboot autossh -M 0 -N tunnel@relay.example.org"', 'No machine boots: choose a time.'],
      [5, 'file', '"0~30 4 * * * /usr/libexec/scatter"', expect.stringContaining('Random times')],
      [6, 'file', expect.stringContaining('root run-parts'), expect.stringContaining('a user before')],
    ]);
  });

  it('Without --keep-unknown a runner that does not exist is a problem, and with it the cron is switched off', () => {
    const { profile } = readProfile(readFileSync(join(FOLDER, 'crons.xml'), 'utf8'), { name: 'crons.xml' });
    if (!profile) throw new Error('the file has problems');
    const { problems, withoutRunner } = planProfile(profile, siteOf(), { ...options, keepUnknown: false });
    expect(withoutRunner).toEqual([]);
    expect(problems.map(({ uid, where }) => [uid, where])).toEqual([
      ['foogsuid', 'name'],
      ['foogsuid2', 'name'],
    ]);
    const kept = planProfile(profile, siteOf(), options);
    expect(kept.withoutRunner).toEqual([
      { uid: 'foogsuid', name: 'foo' },
      { uid: 'foogsuid2', name: 'foo2' },
    ]);
    expect(cronsOf(kept).map(({ uid, activated }) => [uid, activated])).toEqual([
      ['foogsuid', false],
      ['foogsuid2', false],
      ['beat', true],
    ]);
  });
});
