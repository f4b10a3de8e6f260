import { describe, expect, it } from 'vitest';
import { loadCrontabSettings } from '../../../lib/core/domain/crontab-schema.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { attempt } from '../../../lib/core/domain/errors.ts';
import { parseJson } from '../../../lib/core/domain/json-text.ts';
import { timeZoneProblems } from '../../../lib/core/domain/time-zone-problems.ts';

const KEYS = 'activated, readOnly, timezone';

describe('loadCrontabSettings', () => {
  it('Settings that are absent or null have their defaults', () => {
    expect(loadCrontabSettings('{}')).toEqual(CRONTAB_DEFAULTS);
    expect(loadCrontabSettings({ activated: null, readOnly: null, timezone: null })).toEqual(
      CRONTAB_DEFAULTS,
    );
  });

  it('loadCrontabSettings reads an object and its JSON', () => {
    const settings = { activated: false, readOnly: true, timezone: 'America/New_York' };
    expect(loadCrontabSettings(settings)).toEqual(settings);
    expect(loadCrontabSettings(JSON.stringify(settings))).toEqual(settings);
  });

  it('loadCrontabSettings reports every invalid setting', () => {
    const { problems } = attempt(() =>
      loadCrontabSettings('{"activated": "on", "readOnly": 1, "timezone": 7}'),
    );
    expect(problems).toEqual([
      {
        where: 'activated',
        got: '"on"',
        wanted: 'true or false',
        fix: 'Write true or false without quotes, or leave it out for true.',
      },
      {
        where: 'readOnly',
        got: '1',
        wanted: 'true or false',
        fix: 'Write true or false without quotes, or leave it out for false.',
      },
      {
        where: 'timezone',
        got: '7',
        wanted: 'the name of a time zone, such as "Europe/Paris" or "UTC"',
        fix: 'Name one, or leave it out for UTC.',
      },
    ]);
  });

  it('loadCrontabSettings reports unknown keys, unknown time zones and malformed JSON', () => {
    const problemsOf = (text: string) => attempt(() => loadCrontabSettings(text)).problems;
    expect(problemsOf('{"active": true, "readonly": true, "timezone": "Europe/Pariss"}')).toEqual([
      ...timeZoneProblems('Europe/Pariss'),
      {
        where: 'active',
        got: expect.any(String),
        wanted: expect.stringContaining(KEYS),
        fix: expect.any(String),
      },
      {
        where: 'readonly',
        got: expect.any(String),
        wanted: expect.stringContaining(KEYS),
        fix: expect.stringContaining('"readOnly"'),
      },
    ]);
    const cutOff = '{"activated": true';
    expect(problemsOf(cutOff)).toEqual(attempt(() => parseJson(cutOff)).problems);
    expect(problemsOf(cutOff)).toHaveLength(1);
  });
});
