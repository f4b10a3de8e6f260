import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CronFields } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { type Job, newJob } from '../../../lib/core/domain/job.ts';
import { type RunRecord, recordId } from '../../../lib/core/domain/run-record.ts';
import { exclusionOf } from '../../../lib/core/forecast/exclusion.ts';
import { type WhyRequest, why } from '../../../lib/core/forecast/why.ts';
import { cronOf, HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { notRunRecordOf, recordOf } from '../../support/run-records.ts';

/** An hourly cron that has existed for a week, at noon. */
function ask(time: number, more: Partial<WhyRequest> = {}) {
  return why({
    time,
    now: NOON,
    definitions: [{ since: NOON - 168 * HOUR, author: 'ana', value: cronOf() }],
    isWhole: true,
    settings: [],
    records: [],
    timeText: iso,
    ...more,
  });
}
const jobOf = (fields: Partial<Job>) => ({ ...newJob('default', 'a'), ...fields });
const cron = (fields: Partial<CronFields>, since = NOON - 168 * HOUR) => ({ since, value: cronOf(fields) });

describe('why, by the records and the job', () => {
  it('A run is what its record says, with what was planned', () => {
    const record = recordOf(60, { status: 'WARN', messages: ['Slow.'] });
    expect(ask(NOON - HOUR + 20_000, { records: [record] })).toEqual({
      verdict: 'ran',
      plannedAt: NOON - HOUR,
      logId: recordId(record),
      text: 'It started at 2026-03-02T11:00:00Z and ended with a warning at 2026-03-02T11:00:01Z: Slow.',
      facts: ['The periodicity is "0 * * * *" in UTC since 2026-02-23T12:00:00Z, by ana.'],
    });
    const { startedAt: _, ...died } = recordOf(60, { status: 'FAILURE', reason: 'died' });
    expect(ask(NOON - HOUR, { records: [died] })).toMatchObject({
      text: 'It began and failed at 2026-03-02T11:00:01Z.',
      facts: [expect.any(String), 'The reason is "died".'],
    });
  });

  it('A run that was not good is compared with the last good one, as far as both versions are known', () => {
    const lastGood = recordOf(120, { definitionVersion: 1, codeVersion: 'one' });
    const failed = (fields: Partial<RunRecord>) => {
      const { definitionVersion: _, ...record } = recordOf(60, { status: 'FAILURE' });
      return ask(NOON - HOUR, { records: [{ ...record, ...fields }], lastGood }).facts.slice(1);
    };
    const of = 'of 2026-03-02T10:00:00Z';
    expect(failed({})).toEqual([]);
    expect(failed({ definitionVersion: 1 })).toEqual([
      `It ran with the same definition as the last good run, ${of}.`,
    ]);
    expect(failed({ definitionVersion: 1, codeVersion: 'one' })).toEqual([
      `It ran with the same definition and code as the last good run, ${of}.`,
    ]);
    expect(failed({ definitionVersion: 3, codeVersion: 'two' })).toEqual([
      `Changed since the last good run, ${of}: the definition from version 1 to 3, the code from version one to two.`,
    ]);
    expect(failed({ status: 'OK', definitionVersion: 3 })).toEqual([]);
    const alone = recordOf(60, { status: 'WARN' });
    expect(ask(NOON - HOUR, { records: [alone] }).facts).toHaveLength(1);
  });

  it('An occurrence that did not run has its reason, also as one of several', () => {
    const record = notRunRecordOf(60, {
      reason: 'missed',
      messages: ['Missed: nothing ran.'],
      covers: { from: NOON - 5 * HOUR, count: 5 },
    });
    for (const time of [NOON - HOUR, NOON - 3 * HOUR, NOON - 5 * HOUR]) {
      expect(ask(time, { records: [record] })).toMatchObject({
        verdict: 'did-not-run',
        text: 'It did not run. Missed: nothing ran.',
        facts: [
          expect.any(String),
          'One run record covers 5 planned times since 2026-03-02T07:00:00Z.',
          'The reason is "missed".',
        ],
      });
    }
    for (const time of [NOON - 6 * HOUR, NOON - 2 * HOUR - MINUTE]) {
      expect(ask(time, { records: [record] }).verdict).not.toBe('did-not-run');
    }
    const bare = ask(NOON - HOUR, { records: [notRunRecordOf(60)] });
    expect(bare.text).toBe('It did not run. ');
  });

  it('A planned run comes before one that a user requested in the same minute', () => {
    const forced = recordOf(60, { forced: 'x', requestedBy: 'ben' });
    const { requestedBy: _, ...unknown } = forced;
    expect(ask(NOON - HOUR, { records: [forced, recordOf(60)] }).logId).toBe(recordId(recordOf(60)));
    const later = recordOf(60 - 0.5, { forced: 'y' });
    expect(ask(NOON - HOUR + MINUTE / 2, { records: [recordOf(60), later] }).logId).toBe(recordId(later));
    expect(ask(NOON - HOUR, { records: [forced] }).facts).toEqual(['It was requested by ben, not planned.']);
    expect(ask(NOON - HOUR, { records: [unknown] }).facts[0]).toContain('requested by a user');
  });

  it('A run in progress, one that waits and one that is due are what the job says', () => {
    const lease = leaseOf(NOON - HOUR);
    expect(ask(NOON - HOUR, { job: jobOf({ leases: [lease] }) })).toMatchObject({
      verdict: 'running',
      text: 'It is running, since 2026-03-02T11:00:00Z.',
      logId: recordId(lease),
    });
    const waiting = { from: NOON - 3 * HOUR, to: NOON - 2 * HOUR };
    for (const time of [waiting.from, waiting.to]) {
      expect(ask(time, { job: jobOf({ waiting, leases: [leaseOf(NOON - 4 * HOUR)] }) })).toMatchObject({
        verdict: 'waits',
        text: 'It waits until the run of 2026-03-02T08:00:00Z has ended.',
        plannedAt: time,
      });
    }
    expect(ask(NOON - HOUR, { job: jobOf({ waiting }) }).verdict).toBe('unknown');
    expect(ask(NOON - 2.5 * HOUR, { job: jobOf({ waiting }) }).verdict).toBe('not-planned');
    const waitingForced = [{ plannedAt: NOON - 30 * MINUTE, forced: 'x' }];
    expect(ask(NOON - 30 * MINUTE, { job: jobOf({ waitingForced }) })).toMatchObject({
      verdict: 'waits',
      text: 'It waits until its turn has come.',
      logId: recordId({ plannedAt: NOON - 30 * MINUTE, forced: 'x' }),
    });
    expect(ask(NOON, { job: jobOf({ armedAt: NOON }) })).toMatchObject({ verdict: 'due', plannedAt: NOON });
    expect(ask(NOON, { job: jobOf({ armedAt: NOON + HOUR }) }).verdict).toBe('unknown');
    expect(ask(NOON, { job: jobOf({}) }).verdict).toBe('unknown');
  });
});

describe('why, by the versions', () => {
  it('A cron that was off, or whose crontab was off, says since when and by whom', () => {
    const definitions = [
      cron({}, NOON - HOUR / 2),
      { ...cron({ activated: false }, NOON - 3 * HOUR), author: 'ben' },
    ];
    expect(ask(NOON - HOUR, { definitions })).toMatchObject({
      verdict: 'off',
      text: 'The cron was off since 2026-03-02T09:00:00Z, by ben.',
      plannedAt: NOON - HOUR,
    });
    const edited = [cron({ activated: false, timeout: 60 }, NOON - 2 * HOUR), ...definitions.slice(1)];
    expect(ask(NOON - HOUR, { definitions: edited }).text).toContain('09:00:00Z, by ben');
    const before = [...edited, cron({}, NOON - 9 * HOUR)];
    expect(ask(NOON - HOUR, { definitions: before }).text).toContain('09:00:00Z, by ben');
    const settings = [{ since: NOON - 2 * HOUR, value: { ...CRONTAB_DEFAULTS, activated: false } }];
    expect(ask(NOON - HOUR, { settings }).text).toBe('The crontab was off since 2026-03-02T10:00:00Z.');
    expect(ask(NOON + HOUR, { settings }).text).toBe('The crontab is off since 2026-03-02T10:00:00Z.');
    expect(ask(NOON - 3 * HOUR, { settings }).verdict).toBe('unknown');
  });

  it('An invalid version leaves the one before it in force', () => {
    const definitions = [{ since: NOON - 2 * HOUR }, cron({ periodicity: '30 * * * *' })];
    expect(ask(NOON - HOUR, { definitions }).verdict).toBe('not-planned');
    expect(ask(NOON + HOUR / 2, { definitions }).verdict).toBe('will-run');
  });

  it('A cron that did not exist, was removed or was never valid says so, and a history that is cut does not', () => {
    const definitions = [{ ...cron({}, NOON - 2 * HOUR), author: 'ana' }];
    expect(ask(NOON - 3 * HOUR, { definitions })).toMatchObject({
      verdict: 'absent',
      text: 'The cron did not exist yet, or had been removed: the first version that is known is of 2026-03-02T10:00:00Z, by ana.',
    });
    expect(ask(NOON - 3 * HOUR, { definitions, isWhole: false })).toMatchObject({
      verdict: 'unknown',
      text: expect.stringMatching(
        /^The history does not reach back so far: .* 2026-03-02T10:00:00Z, by ana\.$/,
      ),
    });
    expect(ask(NOON - HOUR, { removedAt: NOON - HOUR })).toMatchObject({
      verdict: 'absent',
      text: 'The cron was removed at 2026-03-02T11:00:00Z.',
    });
    expect(ask(NOON - 2 * HOUR, { removedAt: NOON - HOUR }).verdict).toBe('unknown');
    const record = recordOf(60);
    const invalid = ask(NOON - HOUR, { definitions: [{ since: NOON - 5 * HOUR }], records: [] });
    expect(invalid).toMatchObject({ verdict: 'absent', text: 'No version of the cron has been valid.' });
    expect(ask(NOON - HOUR, { definitions: [], records: [record] }).facts).toEqual([]);
    const assumed = [cron({}, Number.NEGATIVE_INFINITY)];
    expect(ask(NOON - HOUR, { definitions: assumed }).facts[0]).toBe(
      'The periodicity is "0 * * * *" in UTC, as far as is known.',
    );
  });

  it('A planned time of the future runs, unless it meets another run by the usual duration', () => {
    expect(ask(NOON + HOUR)).toMatchObject({
      verdict: 'will-run',
      text: 'It will run at 2026-03-02T13:00:00Z, if its definition and the switches stay as they are.',
      logId: String((NOON + HOUR) / 1000),
    });
    const definitions = [cron({ periodicity: '* * * * *' })];
    expect(ask(NOON + HOUR, { definitions, usualMs: 30_000 }).verdict).toBe('will-run');
    expect(ask(NOON + HOUR + MINUTE, { definitions, usualMs: 90_000 })).toMatchObject({
      verdict: 'may-not-run',
      text: expect.stringMatching(/still goes on; overlap is "skip"\.$/),
    });
  });
});

describe('why, of a time that is not planned', () => {
  it.each([
    ['15 * * * *', '2026-03-02T10:20:00Z', 'minute 20 is not in "15"'],
    ['30 2 * * *', '2026-03-02T10:20:00Z', 'hour 10 is not in "2", and minute 20 is not in "30"'],
    ['20 10 * 4 *', '2026-03-02T10:20:00Z', 'month 3 is not in "4"'],
    ['20 10 5 * *', '2026-03-02T10:20:00Z', 'Monday 2026-03-02 is excluded by day "5"'],
    ['20 10 * * TUE', '2026-03-02T10:20:00Z', 'Monday 2026-03-02 is excluded by weekday "TUE"'],
    ['20 10 5 * TUE', '2026-03-02T10:20:00Z', 'Monday 2026-03-02 is excluded by day "5" and weekday "TUE"'],
  ])('The periodicity %s excludes %s by its fields', (periodicity, time, expected) => {
    expect(exclusionOf(cronOf({ periodicity }), 'UTC', Date.parse(time))).toBe(expected);
  });

  it('The next time after it is a fact, or that there is none', () => {
    expect(ask(NOON - 90 * MINUTE)).toMatchObject({
      verdict: 'not-planned',
      text: 'Nothing is planned for that minute by the clock of UTC: minute 30 is not in "0".',
      facts: [expect.any(String), 'The next time after it is 2026-03-02T11:00:00Z.'],
    });
    const definitions = [cron({ periodicity: '0 0 29 2 *' })];
    const far = ask(8.64e15 - HOUR, { definitions, now: 8.64e15 });
    expect(far.facts.at(-1)).toBe('It has no later time.');
  });

  it('A clock change that repeats or moves a time is the reason, or a fact', () => {
    const definitions = [cron({ periodicity: '30 2 * * *', timezone: 'Europe/Paris' })];
    const now = Date.parse('2027-01-01T00:00:00Z');
    const repeated = ask(Date.parse('2026-10-25T01:30:00Z'), { definitions, now });
    expect(repeated).toMatchObject({
      verdict: 'not-planned',
      text: expect.stringContaining('02:30 comes twice'),
    });
    expect(ask(Date.parse('2026-10-25T00:30:00Z'), { definitions, now }).verdict).toBe('unknown');
    const moved = ask(Date.parse('2026-03-29T01:00:00Z'), { definitions, now: NOON });
    expect(moved).toMatchObject({
      verdict: 'will-run',
      facts: [expect.any(String), expect.stringContaining('so a runs at 03:00')],
    });
  });

  it('Each minute is planned exactly if the schedule has it, and otherwise something excludes it', () => {
    const zones = ['UTC', 'Europe/Paris', 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Chatham'];
    const periodicities = [
      '30 2 * * *',
      '15 1,2,3 * * *',
      '*/20 0-3 * * *',
      '0 0 1 * *',
      '30 2 * * 7',
      '59 23 L * *',
    ];
    const around = [
      '2026-03-29',
      '2026-10-25',
      '2026-03-08',
      '2026-11-01',
      '2026-04-05',
      '2026-10-04',
      '2026-09-27',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...periodicities),
        fc.constantFrom(...around),
        fc.integer({ min: -1_500, max: 3_000 }),
        (timezone, periodicity, date, minutes) => {
          const time = Date.parse(date) + minutes * MINUTE;
          const definition = cron({ periodicity, timezone }, 0);
          const isPlanned = definition.value.next(time - 1, 'UTC') === time;
          const { verdict, text } = ask(time, { definitions: [definition], now: time - 1 });
          expect([time, verdict]).toEqual([time, isPlanned ? 'will-run' : 'not-planned']);
          if (!isPlanned)
            expect(text).toMatch(/^Nothing is planned for that minute by the clock of \S+: .*[^.]\.$/);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
