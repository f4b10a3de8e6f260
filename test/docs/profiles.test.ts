/** The examples of docs/profiles.md mean what the text around them says. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Format } from '../../lib/app/profiles/format-names.ts';
import { planProfile } from '../../lib/app/profiles/plan.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { anyRunner, profileIn, siteOf } from '../app/profiles/support.ts';
import { NOON } from '../support/jobs.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/profiles.md', import.meta.url)), 'utf8');

/** The first example in that language. */
function example(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
}

function planned(language: Format, existingUids: readonly string[], runners = anyRunner) {
  const site = siteOf(existingUids.map((uid) => ({ uid })));
  const { problems, steps } = planProfile(profileIn(example(language), language), site, {
    now: NOON,
    runners,
  });
  expect(problems).toEqual([]);
  return steps.map((step) => `${step.kind} ${step.uid}`);
}

describe('the examples of docs/profiles.md', () => {
  it('The example in YAML adds, changes and removes crons', () => {
    const limits = { bySite: { '*': { allowedHosts: ['example.com'] } } };
    expect(planned('yaml', ['weekly-report', 'outdated'], new RunnerTable({}, limits))).toEqual([
      'add nightly',
      'change weekly-report',
      'remove outdated',
    ]);
  });

  it('The example of crons.xml adds and removes crons', () => {
    expect(planned('xml', ['foogsuid3'])).toEqual(['add foogsuid', 'add foogsuid2', 'remove foogsuid3']);
  });

  it('The example of a Unix crontab has runners, a command and a comment for cloudtab', () => {
    const { elements } = profileIn(example('crontab'), 'crontab');
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin' };
    expect(
      elements.map(({ given }) => [given.name, given.environ, given.description, given.overlap]),
    ).toEqual([
      ['heartbeat', { message: 'still there' }, undefined, undefined],
      ['lambda:reports', {}, undefined, undefined],
      ['command', { command: '/usr/local/bin/backup --all', env }, 'Everything, each working day', 'allow'],
      [
        'command',
        {
          command: 'mail -s "Good morning" team@example.com',
          stdin: 'The report is at 100%.\n',
          env,
        },
        undefined,
        undefined,
      ],
    ]);
    const [element] = profileIn('@daily /usr/local/bin/backup --all', 'crontab').elements;
    expect(page).toContain(`\`${element?.uid}\``);
  });
});
