// cspell:ignore htpp
import { describe, expect, it } from 'vitest';
import type { CurrentSite } from '../../../lib/app/profiles/current-site.ts';
import {
  hasChanges,
  MISSING,
  type PlanOptions,
  type ProfilePlan,
  planProfile,
} from '../../../lib/app/profiles/plan.ts';
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { NOON } from '../../support/jobs.ts';
import { anyRunner, placedText, placeText, profileIn, siteOf } from './support.ts';

function planned(
  text: string,
  site: CurrentSite = siteOf(),
  options: Partial<PlanOptions> = {},
): ProfilePlan {
  return planProfile(profileIn(text), site, { now: NOON, runners: anyRunner, ...options });
}

const crons = (...lines: string[]) => `crons:\n${lines.map((line) => `  - {${line}}\n`).join('')}`;
const time = (text: string) => Date.parse(text);

describe('a plan', () => {
  it('A plan adds a cron that the site does not have, with its first run', () => {
    const { steps } = planned(
      crons('uid: a, name: http, periodicity: "30 14 * * *", timeout: 2m, user: null'),
    );
    expect(steps).toEqual([
      {
        kind: 'add',
        uid: 'a',
        fields: { uid: 'a', name: 'http', periodicity: '30 14 * * *', timeout: '2m' },
        cron: expect.objectContaining({ uid: 'a', timeout: 120 }),
        next: time('2026-03-02T14:30:00Z'),
      },
    ]);
  });

  it('A plan changes the given fields that differ, and keeps the other fields', () => {
    const site = siteOf([
      { uid: 'a', environ: { x: 1 }, timeout: 120, user: 'me', timezone: 'Europe/Paris' },
    ]);
    const { steps } = planned(
      crons('uid: a, periodicity: "30 14 * * *", timeout: 2m, environ: {x: 2}, user: null'),
      site,
    );
    expect(steps).toEqual([
      {
        kind: 'change',
        uid: 'a',
        repairs: false,
        tag: '1-1',
        changes: [
          { field: 'periodicity', before: '0 * * * *', after: '30 14 * * *' },
          { field: 'environ.x', before: 1, after: 2 },
          { field: 'user', before: 'me' },
        ],
        edit: { periodicity: '30 14 * * *', environ: { x: 2 }, user: null },
        cron: expect.objectContaining({ periodicity: '30 14 * * *', environ: { x: 2 }, timeout: 120 }),
        nextBefore: time('2026-03-02T13:00:00Z'),
        nextAfter: time('2026-03-02T13:30:00Z'),
      },
    ]);
  });

  it('A plan removes a cron with its next run, and the removal of an absent cron is no change', () => {
    const removed = planned(
      crons('uid: a, remove: true, timeout: whatever', 'uid: b, remove: true'),
      siteOf([{ uid: 'a' }]),
    );
    expect(removed.steps).toEqual([
      { kind: 'remove', uid: 'a', pruned: false, tag: '1-1', nextBefore: time('2026-03-02T13:00:00Z') },
    ]);
    expect(removed.unchanged).toEqual(['b']);
  });

  it('A plan lists the crons that the file omits, and removes them with the option to prune', () => {
    const site = siteOf([{ uid: 'a' }, { uid: 'b', activated: false }]);
    expect(planned(crons('uid: a'), site)).toMatchObject({ steps: [], unchanged: ['a'], others: ['b'] });
    expect(planned(crons('uid: a'), site, { prune: true })).toMatchObject({
      steps: [{ kind: 'remove', uid: 'b', pruned: true, tag: '1-1' }],
      others: [],
    });
  });

  it('A cron that the file removes and then adds again keeps none of its fields', () => {
    const replacement = crons('uid: a, remove: true', 'uid: a, name: http, periodicity: "0 * * * *"');
    const { steps } = planned(replacement, siteOf([{ uid: 'a', user: 'me', timeout: 9 }]));
    expect(steps).toMatchObject([
      {
        changes: [
          { field: 'name', before: 'heartbeat', after: 'http' },
          { field: 'user', before: 'me' },
          { field: 'timeout', before: 9, after: 300 },
        ],
        edit: {
          name: 'http',
          periodicity: '0 * * * *',
          user: null,
          timezone: null,
          environ: null,
          activated: null,
          logsLimit: null,
          overlap: null,
          missed: null,
          maxLateness: null,
          timeout: null,
        },
      },
    ]);
    expect(hasChanges(planned(replacement, siteOf([{ uid: 'a', name: 'http' }])))).toBe(false);
    expect(planned(replacement).steps).toMatchObject([{ kind: 'add' }]);
    const gone = crons('uid: a, name: http, periodicity: "@daily"', 'uid: a, remove: true');
    expect(planned(gone, siteOf([{ uid: 'a' }])).steps).toMatchObject([{ kind: 'remove' }]);
  });

  it('A plan is empty when the values of the file mean the same as those of the site', () => {
    const site = siteOf([{ uid: 'a', timeout: 120, environ: { x: { y: 1, z: 2 } } }]);
    expect(hasChanges(planned(crons('uid: a, timeout: 2m, environ: {x: {z: 2, y: 1}}'), site))).toBe(false);
  });

  it('A plan computes next runs with the settings of the file', () => {
    const text = `crontab: {timezone: Europe/Paris}\n${crons('uid: a, periodicity: "0 16 * * *"')}`;
    expect(planned(text, siteOf([{ uid: 'a' }]))).toMatchObject({
      settings: [{ field: 'timezone', before: 'UTC', after: 'Europe/Paris' }],
      steps: [{ nextBefore: time('2026-03-02T13:00:00Z'), nextAfter: time('2026-03-02T15:00:00Z') }],
    });
    const [off] = planned(
      `crontab: {activated: false}\n${crons('uid: a, periodicity: "@daily"')}`,
      siteOf([{ uid: 'a' }]),
    ).steps;
    expect(off).toMatchObject({ nextBefore: time('2026-03-02T13:00:00Z'), nextAfter: undefined });
    expect(planned('crontab: {timezone: null}', siteOf([], { timezone: 'Asia/Tokyo' })).settings).toEqual([
      { field: 'timezone', before: 'Asia/Tokyo', after: 'UTC' },
    ]);
  });

  it('A plan lists the crons whose next run changes only by the settings, and writes none of them', () => {
    const three = siteOf([
      { uid: 'a', periodicity: '0 16 * * *' },
      { uid: 'b', periodicity: '0 16 * * *' },
      { uid: 'own', periodicity: '0 16 * * *', timezone: 'UTC' },
      { uid: 'off', activated: false },
    ]);
    const four = time('2026-03-02T16:00:00Z');
    const moved = planned(`crontab: {timezone: Europe/Paris}\n${crons('uid: a')}`, three);
    expect(moved).toMatchObject({ steps: [], unchanged: ['a'], others: ['b', 'own', 'off'] });
    expect(moved.moved).toEqual([
      { uid: 'a', nextBefore: four, nextAfter: time('2026-03-02T15:00:00Z') },
      { uid: 'b', nextBefore: four, nextAfter: time('2026-03-02T15:00:00Z') },
    ]);
    const off = planned(
      `crontab: {activated: false}\n${crons('uid: a, timeout: 9', 'uid: b, remove: true')}`,
      three,
    );
    expect(off.moved).toEqual([{ uid: 'own', nextBefore: four }]);
    expect(planned(`crontab: {activated: false}\n${crons('uid: a')}`, three, { prune: true }).moved).toEqual([
      { uid: 'a', nextBefore: four },
    ]);
    expect(planned(crons('uid: a'), three).moved).toEqual([]);
  });

  it('A plan for a read-only crontab is locked, unless the file takes the lock off or changes nothing', () => {
    const site = siteOf([{ uid: 'a' }], { readOnly: true });
    expect(planned(crons('uid: a, timeout: 9'), site).locked).toBe(true);
    expect(planned('crontab: {timezone: Asia/Tokyo}', site).locked).toBe(true);
    expect(planned(crons('uid: a'), site).locked).toBe(false);
    expect(planned(`crontab: {readOnly: false}\n${crons('uid: a, timeout: 9')}`, site).locked).toBe(false);
  });

  it('A plan replaces an invalid version, even when the valid fields do not change', () => {
    const site = siteOf([{ uid: 'a', timeout: 9 }]);
    const fields = site.crons.get('a')?.fields as CronFields;
    const broken = new Map([['a', { fields, rejected: true, tag: '2-2', logs: [] }]]);
    expect(planned(crons('uid: a, name: heartbeat'), { ...site, crons: broken }).steps).toMatchObject([
      {
        kind: 'change',
        repairs: true,
        changes: [],
        edit: { name: 'heartbeat', timeout: 9, user: null },
        tag: '2-2',
      },
    ]);
  });

  it('A cron without any valid version needs all fields, as an absent cron does', () => {
    const invalid = new Map([['a', { rejected: true, tag: '1-1', logs: [] }]]);
    const site = { ...siteOf(), crons: invalid };
    const { problems } = planned(crons('uid: a, name: http'), site);
    expect(problems.map(placeText)).toEqual(['2:5 a: periodicity']);
    expect(problems[0]?.got).toBe(MISSING);
    const [step] = planned(crons('uid: a, name: http, periodicity: "@daily"'), site).steps;
    expect(step).toMatchObject({
      kind: 'change',
      repairs: true,
      edit: { name: 'http', periodicity: '@daily' },
      nextBefore: undefined,
    });
    expect(planned(crons('uid: a, remove: true'), site).steps).toEqual([
      { kind: 'remove', uid: 'a', pruned: false, tag: '1-1' },
    ]);
  });
});

describe('a cron whose runner is unknown', () => {
  const runners = new RunnerTable({});
  const site = siteOf([{ uid: 'a', name: 'gone', environ: { x: 1 } }]);
  const same = 'uid: a, name: gone, periodicity: "0 * * * *", environ: {x: 1}';

  it('A cron with an unknown runner is unchanged while the file gives its present fields', () => {
    expect(planned(crons(same), site, { runners })).toMatchObject({
      problems: [],
      steps: [],
      unchanged: ['a'],
    });
    expect(planned(crons('uid: a'), site, { runners }).problems).toEqual([]);
  });

  it('A cron with an unknown runner is rejected when one of its fields changes', () => {
    const [problem] = planned(crons(`${same}, timeout: 9`), site, { runners }).problems;
    expect(problem).toMatchObject({ uid: 'a', where: 'name', got: '"gone"' });
    const fields = site.crons.get('a')?.fields as CronFields;
    const cron = { fields, rejected: true, tag: '2-2', logs: [] };
    const rejected = { ...site, crons: new Map([['a', cron]]) };
    expect(planned(crons(same), rejected, { runners }).problems).toHaveLength(1);
  });
});

describe('the problems of a plan', () => {
  it('The problems of a plan include the fields that an element lacks to be added', () => {
    const { problems } = planned(crons('uid: a, periodicity: "@daily"', 'uid: b, name: http'));
    expect(problems.map(placedText)).toEqual([
      '2:5 a: name: got nothing, and no such cron to take it from, wanted the name of a runner. Name the runner that does the task, such as "heartbeat".',
      '3:5 b: periodicity: got nothing, and no such cron to take it from, wanted five fields of crontab(5), or a nickname such as "@daily". Write when it runs, such as "0 3 * * *" for every day at three.',
    ]);
  });

  it('The problems of a plan include those of the runner, at the position of the field', () => {
    const runners = new RunnerTable({});
    const text = crons('uid: a, periodicity: "@daily", name: htpp', 'uid: b, environ: {warn: 3}');
    const { problems } = planned(text, siteOf([{ uid: 'b' }]), { runners });
    expect(problems.map((one) => `${placeText(one)} ${one.got}`)).toEqual([
      '2:37 a: name "htpp"',
      '3:24 b: environ.warn 3',
    ]);
  });

  it('The problems of a plan include a definition that is too long for a parameter', () => {
    const environ = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index]));
    const { problems } = planned(
      crons(`uid: a, name: x, periodicity: "@daily", environ: ${JSON.stringify(environ)}`),
    );
    expect(problems.map(placedText)).toEqual([
      expect.stringMatching(
        /^2:46 a: environ: got \d{4,} bytes, wanted at most 8192 bytes\. Store long texts elsewhere, and refer to them in "environ"\.$/,
      ),
    ]);
  });

  it('The problems of a plan are those of all elements, and the valid elements are planned nevertheless', () => {
    const { problems, steps } = planned(
      crons('uid: a', 'uid: b', 'uid: c, timeout: 9'),
      siteOf([{ uid: 'c' }]),
    );
    expect(problems.map(({ uid, where }) => `${uid} ${where}`)).toEqual([
      'a name',
      'a periodicity',
      'b name',
      'b periodicity',
    ]);
    expect(steps).toHaveLength(1);
  });
});
