import { describe, expect, it } from 'vitest';
import { formatOf, readProfile } from '../../../lib/app/profiles/formats.ts';
import { readRuleSchedule } from '../../../lib/app/profiles/rule-schedule.ts';
import { parseExpression } from '../../../lib/core/domain/expression.ts';

describe('the schedules of EventBridge rules', () => {
  it.each([
    ['rate(1 minute)', '* * * * *'],
    ['rate(5 minutes)', '*/5 * * * *'],
    ['rate(60 minutes)', '0 * * * *'],
    ['rate(1 hour)', '0 * * * *'],
    ['rate( 12  hours )', '0 */12 * * *'],
    ['rate(120 minutes)', '0 */2 * * *'],
    ['rate(1 day)', '0 0 * * *'],
    ['rate(24 hours)', '0 0 * * *'],
    ['rate(7 days)', '0 0 * * 0'],
    ['cron(0 10 * * ? *)', '0 10 * * *'],
    ['cron(15 12 * * ? *)', '15 12 * * *'],
    ['cron(0 18 ? * MON-FRI *)', '0 18 * * MON-FRI'],
    ['cron(0 8 1 * ? *)', '0 8 1 * *'],
    ['cron(0/15 * * * ? *)', '0/15 * * * *'],
    ['cron(0/5 8-17 ? * 2-6 *)', '0/5 8-17 * * 1-5'],
    ['cron(0 9 ? * 2#1 *)', '0 9 * * 1#1'],
    ['cron(0 9 ? * 6L *)', '0 9 * * 5L'],
    ['cron(0 9 ? * L *)', '0 9 * * 6'],
    ['cron(0 9 ? * 1,7 *)', '0 9 * * 0,6'],
    ['cron(0 9 ? JAN,JUL FRI#2 *)', '0 9 * JAN,JUL FRI#2'],
    ['cron(0 9 L * ? *)', '0 9 L * *'],
  ])('%s becomes %s', (expression, periodicity) => {
    expect(readRuleSchedule(expression)).toMatchObject({ periodicity });
    expect(() => parseExpression(periodicity, '')).not.toThrow();
  });

  it.each([
    ['rate(7 minutes)', 'A rate of 7 minutes does not divide'],
    ['rate(90 minutes)', 'A rate of 90 minutes does not divide'],
    ['rate(2 days)', 'A rate of 2880 minutes does not divide'],
    ['rate(0 minutes)', 'A rate of 0 minutes does not divide'],
    ['cron(0 0 1 1 ? 2027)', 'It runs in the year 2027 alone'],
    ['cron(0 9 3W * ? *)', 'The nearest working day is not supported'],
    ['cron(0 9 * * *)', 'neither rate(…) nor cron(…)'],
    ['at(2027-01-01T00:00:00)', 'neither rate(…) nor cron(…)'],
  ])('%s is left out with the reason', (expression, reason) => {
    expect(readRuleSchedule(expression)).toEqual({ reason: expect.stringContaining(reason) });
  });

  it('A rate has a note on when it begins, unless it is each minute', () => {
    expect(readRuleSchedule('rate(5 minutes)')).toMatchObject({
      difference: expect.stringContaining('a rate counts from the creation of its rule'),
    });
    expect(readRuleSchedule('rate(1 minute)')).not.toHaveProperty('difference');
  });
});

describe('a list of EventBridge rules', () => {
  const rule = { Name: 'nightly', State: 'ENABLED', ScheduleExpression: 'cron(30 2 * * ? *)' };
  const read = (value: unknown, runner?: string) =>
    readProfile(JSON.stringify(value), { name: 'rules.json', ...(runner && { runner }) });

  it('Its format is found by its shape, in a file as well as from a pipe', () => {
    expect(formatOf('rules.json', ' {"Rules": []}')).toBe('rules');
    expect(formatOf('-', '{\n  "NextToken": "x", "Rules": []}')).toBe('rules');
    expect(formatOf('rules.yaml', '{"Rules": []}')).toBe('yaml');
    expect(formatOf('crons.json', '{"crons": []}')).toBe('json');
  });

  it('With a runner for all rules the crons are switched on, unless their rule is disabled', () => {
    const Rules = [rule, { ...rule, Name: 'paused', State: 'DISABLED' }];
    const { profile } = read({ Rules }, 'lambda:report');
    expect(profile?.notes).toEqual([]);
    expect(profile?.elements.map(({ uid, given }) => [uid, given])).toEqual([
      ['nightly', { name: 'lambda:report', periodicity: '30 2 * * *', timezone: 'UTC', activated: true }],
      ['paused', { name: 'lambda:report', periodicity: '30 2 * * *', timezone: 'UTC', activated: false }],
    ]);
  });

  it('Problems of a rule have its line', () => {
    const text = '{\n"Rules": [\n{"Name": "a", "ScheduleExpression": "cron(61 2 * * ? *)"}\n]}';
    expect(readProfile(text, { name: '-' }).problems).toMatchObject([{ line: 3, where: 'periodicity' }]);
  });

  it.each([{ Rules: 1 }, { Rules: [1] }, { NextToken: 'x' }])('%j is no list of rules', (value) => {
    expect(read(value).problems).toMatchObject([{ got: 'JSON without a list of rules', line: 1 }]);
  });

  it('A text that is not JSON is reported at its place', () => {
    expect(readProfile('{"Rules": [', { name: '-' }).problems).toMatchObject([{ where: 'value', line: 1 }]);
    expect(readProfile('[]', { format: 'rules' }).problems).toMatchObject([
      { got: 'JSON without a list of rules' },
    ]);
  });
});
