// cspell:ignore Pari htpp
import { expect, it } from 'vitest';
import type { Format } from '../../../lib/app/profiles/format-names.ts';
import { readProfile } from '../../../lib/app/profiles/formats.ts';
import { mergeProblems } from '../../../lib/app/profiles/merge-problems.ts';
import { planProfile } from '../../../lib/app/profiles/plan.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { NOON } from '../../support/jobs.ts';
import { placeText, siteOf } from './support.ts';

/** The problems of a file and of its plan for an empty site. */
function problemsOf(text: string, format: Format = 'yaml'): string[] {
  const { partial, problems } = readProfile(text, { format });
  if (!partial) throw new Error('The text has no problems, or cannot be read at all.');
  const found = planProfile(partial, siteOf(), { now: NOON, runners: new RunnerTable({}) }).problems;
  return mergeProblems(problems, found).map(placeText);
}

it('mergeProblems lists the problems of runners beside those of the text, in the order of the file', () => {
  const text = [
    'crontab: {timezone: Europe/Pari}',
    'crons:',
    '  - {uid: a, name: htpp, periodicity: "@daily"}',
    '  - {uid: b, name: htpp, periodicity: "@daily", timeout: never}',
    '  - {uid: c, name: heartbeat}',
  ].join('\n');
  expect(problemsOf(text)).toEqual([
    '1:11 timezone',
    '3:14 a: name',
    '4:14 b: name',
    '4:49 b: timeout',
    '5:5 c: periodicity',
  ]);
});

it('mergeProblems omits problems that only follow from another problem', () => {
  const text = [
    'crons:',
    '  - {uid: a, nam: heartbeat, periodicity: "@daily"}',
    '  - {uid: b, remove: maybe}',
    '  - {uid: c, name: heartbeat, periodicity: "@daily"}',
    '  - {uid: c}',
  ].join('\n');
  expect(problemsOf(text)).toEqual(['2:14 a: nam', '3:14 b: remove', '5:6 c: uid']);
  const xml = '<crons><cron uid="a" name="http" periodicity="@daily"><environ>{</environ></cron></crons>';
  expect(problemsOf(xml, 'xml')).toEqual(['1:55 a: environ']);
});
