import { expect, it } from 'vitest';
import { type Format, readProfile } from '../../lib/profiles/formats.ts';
import { withFurther } from '../../lib/profiles/further.ts';
import { plan } from '../../lib/profiles/plan.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { NOON } from '../support/jobs.ts';
import { placedText, siteOf } from './support.ts';

/** All that is told of a file, for an empty site. */
function told(text: string, format: Format = 'yaml'): (string | undefined)[] {
  const { partial, problems } = readProfile(text, { format });
  if (!partial) throw new Error('The text has no problems, or nothing can be read of it.');
  const found = plan(partial, siteOf(), { now: NOON, runners: new RunnerTable({}) }).problems;
  return withFurther(problems, found).map((one) => placedText(one).split(', wanted')[0]);
}

it('tells the problems of runners beside those of the text, in the order of the file', () => {
  const text = [
    'crontab: {timezone: Europe/Pari}',
    'crons:',
    '  - {uid: a, name: htpp, periodicity: "@daily"}',
    '  - {uid: b, name: htpp, periodicity: "@daily", timeout: never}',
    '  - {uid: c, name: heartbeat}',
  ].join('\n');
  expect(told(text)).toEqual([
    '1:11 timezone: got "Europe/Pari"',
    '3:14 a: name: got "htpp"',
    '4:14 b: name: got "htpp"',
    '4:49 b: timeout: got "never"',
    '5:5 c: periodicity: got nothing, and no such cron to take it from',
  ]);
});

it('tells nothing that only follows from another problem', () => {
  const text = [
    'crons:',
    '  - {uid: a, nam: heartbeat, periodicity: "@daily"}',
    '  - {uid: b, remove: maybe}',
    '  - {uid: c, name: heartbeat, periodicity: "@daily"}',
    '  - {uid: c}',
  ].join('\n');
  expect(told(text)).toEqual([
    '2:14 a: nam: got an unknown key',
    '3:14 b: remove: got "maybe"',
    '5:6 c: uid: got "c" a second time',
  ]);
  const xml = '<crons><cron uid="a" name="http" periodicity="@daily"><environ>{</environ></cron></crons>';
  expect(told(xml, 'xml')).toEqual(['1:55 a: environ: got an end at line 1, column 2 of its JSON']);
});
