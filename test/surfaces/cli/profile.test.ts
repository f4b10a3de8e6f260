// cspell:ignore htpp
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { policyWarnings } from '../../../lib/app/operations/cron-warnings.ts';
import { EXPORT_FORMATS, FORMATS } from '../../../lib/app/profiles/format-names.ts';
import { ReadOnlyError } from '../../../lib/core/domain/errors.ts';
import { siteNotFound } from '../../../lib/core/domain/not-found.ts';
import { fileReason } from '../../../lib/surfaces/cli/file-error.ts';
import { commandLine } from './command-line.ts';

const t = commandLine();

/** Runs the command on the folder of this test; `t.out` and `t.err` are then those of this command alone. */
async function cloudtab(...args: string[]): Promise<number> {
  Object.assign(t, { out: '', err: '' });
  return t.cloudtab(...args);
}

function file(name: string, text: string): string {
  const path = join(t.dir, name);
  writeFileSync(path, text);
  return path;
}

/** The words for an error of the file system with that code. */
function reasonFor(code: string): string {
  return fileReason(Object.assign(new Error(code), { code }));
}

const CRONS = `crontab:
  timezone: Europe/Paris
crons:
  - uid: alive
    name: heartbeat
    periodicity: "*/5 * * * *"
    environ: {message: hello}
  - uid: nightly
    name: lambda:backup
    periodicity: "@daily"
    activated: false
`;

/** The text without the times, which depend on the day of the test, and without the folder of the test. */
const timeless = (text: string) =>
  text.replace(/\d{4}-\d\d-\d\d [\d:]+ \S+ \(in [^)]+\)/g, 'SOON').replaceAll(`${t.dir}/`, '');

describe('cloudtab plan', () => {
  it('cloudtab plan prints what applying the file would change, changes nothing, and exits with 4', async () => {
    expect(await cloudtab('plan', file('crons.yaml', CRONS))).toBe(4);
    expect(timeless(t.out)).toBe(
      `~ the crontab of default
    timezone  "UTC" → "Europe/Paris"
+ alive
    name         "heartbeat"
    periodicity  "*/5 * * * *"
    environ      {"message":"hello"}
    next run     SOON
+ nightly
    name         "lambda:backup"
    periodicity  "@daily"
    activated    false
    next run     never
2 to add, 0 to change, 0 to remove, and the settings; 0 unchanged.
`,
    );
    expect(await cloudtab('ls', '--json')).not.toBe(2);
    expect(t.out).not.toContain('alive');
  });

  it('cloudtab plan prints the first problems of a file that is no profile, and how many more there are', async () => {
    const path = file('notes.crontab', 'notes\n'.repeat(25));
    expect(await cloudtab('plan', path)).toBe(1);
    const lines = t.out.trimEnd().split('\n');
    expect(lines.slice(20)).toEqual([
      `… 5 more: "cloudtab plan ${path} --json" prints them.`,
      '25 problems. The file cannot be applied until they are fixed.',
    ]);
  });

  it('cloudtab plan prints changed fields, removed crons and crons that the file omits, and exits with 0 without changes', async () => {
    const path = file('crons.yaml', CRONS);
    await cloudtab('apply', path);
    expect(await cloudtab('plan', path)).toBe(0);
    expect(t.out).toBe('No changes: the crontab of default matches the file.\n');
    expect(await cloudtab('plan', file('empty.crontab', ''))).toBe(0);
    expect(t.out).toBe(
      'No changes: the file has no crons. Not in the file: alive, nightly. Remove with --prune.\n',
    );
    const other = file(
      'other.yaml',
      'crons: [{uid: alive, environ: {seconds: 1}, timezone: Asia/Tokyo, periodicity: "@hourly"}]',
    );
    expect(await cloudtab('plan', other, '--prune')).toBe(4);
    expect(timeless(t.out).replace('SOON → SOON', 'SOON')).toBe(
      `~ alive
    periodicity      "*/5 * * * *" → "@hourly"
    timezone         nothing → "Asia/Tokyo"
    environ.message  "hello" → nothing
    environ.seconds  nothing → 1
    next run         SOON
- nightly
    not in the file
    next run  never
0 to add, 1 to change, 1 to remove; 0 unchanged.
`,
    );
    await cloudtab('plan', other, '--json');
    expect(JSON.parse(t.out)).toMatchObject({
      others: ['nightly'],
      steps: [{ kind: 'change', uid: 'alive' }],
    });
  });

  it('cloudtab plan warns of a maxLateness below the grace, in an added and in a changed cron', async () => {
    const profile = (maxLateness: number) =>
      file(
        'crons.yaml',
        `crons: [{uid: a, name: heartbeat, periodicity: "@daily", maxLateness: ${maxLateness}}]`,
      );
    const warned = (seconds: number) => policyWarnings({ maxLateness: seconds });
    expect(await cloudtab('plan', profile(120))).toBe(4);
    expect(t.out).toContain(`\n! a: ${warned(120)[0]}\n1 to add`);
    await cloudtab('apply', profile(300), '--yes');
    expect(await cloudtab('plan', profile(60), '--json')).toBe(4);
    expect(JSON.parse(t.out).steps).toMatchObject([{ kind: 'change', warnings: warned(60) }]);
    await cloudtab('plan', profile(600), '--json');
    expect(JSON.parse(t.out).steps[0]).not.toHaveProperty('warnings');
  });

  it('cloudtab plan prints long values in full', async () => {
    const url = `https://example.com/${'very/'.repeat(40)}`;
    const crons = (end: string) =>
      `crons: [{uid: a, name: "lambda:x", periodicity: "@daily", environ: {url: ${url}${end}}}]`;
    const path = file('crons.yaml', crons('one'));
    await cloudtab('plan', path);
    expect(t.out).toContain(`    environ      {"url":"${url}one"}\n`);
    await cloudtab('apply', path);
    await cloudtab('plan', file('crons.yaml', crons('two')));
    expect(t.out).toContain(`    environ.url  "${url}one" → "${url}two"\n`);
  });

  it('cloudtab plan prints the crons whose next run changes only because of the settings', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS.replace('Europe/Paris', 'UTC')));
    const path = file('off.yaml', 'crontab: {activated: false}\ncrons: [{uid: nightly}]');
    expect(await cloudtab('plan', path)).toBe(4);
    expect(timeless(t.out).split('\n')).toEqual([
      '~ the crontab of default',
      '    activated  true → false',
      '· alive',
      '    only the next run changes, because of the settings of the crontab',
      expect.stringMatching(/ SOON → never$/),
      expect.stringMatching(
        /^0 .*, which change the next run of 1 cron; 1 .* Not in the file: alive\. Remove with --prune\.$/,
      ),
      '',
    ]);
    expect(await cloudtab('plan', path, '--json')).toBe(4);
    expect(JSON.parse(t.out)).toMatchObject({
      steps: [],
      moved: [{ uid: 'alive', nextBefore: expect.stringMatching(/Z$/) }],
    });
    await cloudtab('apply', path, '--json');
    expect(JSON.parse(t.out)).toMatchObject({ written: 1 });
  });

  it('cloudtab plan --json prints the plan with times in ISO 8601', async () => {
    expect(await cloudtab('plan', file('crons.yaml', CRONS), '--json')).toBe(4);
    expect(JSON.parse(t.out)).toMatchObject({
      site: 'default',
      changes: true,
      locked: false,
      settings: [{ field: 'timezone', before: 'UTC', after: 'Europe/Paris' }],
      steps: [
        { kind: 'add', uid: 'alive', next: expect.stringMatching(/Z$/) },
        { kind: 'add', uid: 'nightly', fields: { uid: 'nightly', activated: false } },
      ],
      problems: [],
    });
    await cloudtab('apply', file('crons.yaml', CRONS));
    const other = file('other.yaml', 'crons: [{uid: alive, timeout: 9}, {uid: nightly, remove: true}]');
    await cloudtab('plan', other, '--json');
    expect(JSON.parse(t.out).steps).toEqual([
      {
        kind: 'change',
        uid: 'alive',
        repairs: false,
        changes: [{ field: 'timeout', before: 300, after: 9 }],
        nextBefore: expect.stringMatching(/Z$/),
        nextAfter: expect.stringMatching(/Z$/),
      },
      { kind: 'remove', uid: 'nightly', pruned: false },
    ]);
  });

  it.each<[string, string, string]>([
    ['text that is not YAML', 'crons:\n  - uid: a\n   name: x', 'crons.yaml:3:1 value: got "name: x"'],
    [
      'a field that is not valid',
      'crons: [{uid: a, name: heartbeat, periodicity: "@dayly"}]',
      'crons.yaml:1:35 a: periodicity: got "@dayly"',
    ],
    [
      'an unknown runner',
      'crons: [{uid: a, name: heartbat, periodicity: "@daily"}]',
      '✗ crons.yaml:1:18 a: name: got "heartbat"',
    ],
  ])('cloudtab plan and apply print the line and column of %s, and exit with 1', async (_, text, problem) => {
    const path = file('crons.yaml', text);
    expect(await cloudtab('plan', path)).toBe(1);
    expect(timeless(t.out)).toContain(problem);
    expect(await cloudtab('apply', path)).toBe(1);
    expect(timeless(t.out)).toContain(problem);
    expect(await cloudtab('plan', path, '--json')).toBe(1);
    expect(JSON.parse(t.out).problems).toHaveLength(1);
  });

  it('cloudtab plan --skip-unsupported reports the lines of a Unix crontab that it leaves out', async () => {
    const path = file('crontab', '@reboot start\u001b[31m.sh\n@daily heartbeat {}\n');
    expect(await cloudtab('plan', path, '--skip-unsupported', '--json')).toBe(4);
    const [{ reason, ...place }] = JSON.parse(t.out).leftOut;
    expect(place).toEqual({ line: 1, column: 1, text: '@reboot start\u001b[31m.sh' });
    expect(await cloudtab('plan', path, '--skip-unsupported')).toBe(4);
    expect(timeless(t.out)).toContain(`! crontab:1:1 is left out: @reboot start.sh\n    ${reason}\n`);
  });

  it('cloudtab plan refuses each line that cannot become a cron, and names the options that help', async () => {
    const path = file('crontab', '@reboot x\n0 3 * *\n@daily htpp {}\n*/90 * * * * lambda:x\n');
    expect(await cloudtab('plan', path)).toBe(1);
    expect(timeless(t.out).replace(/-\w{6}:/, ':')).toMatch(
      /^! crontab:4:1 The step of "\*\/90" .*\n✗ crontab:1:1 file: got "@reboot x".*\n✗ crontab:2:1 value: got "0 3 \* \*".*\n✗ crontab:3:8 htpp: name: got "htpp".*\n3 problems\. The file cannot be applied until they are fixed\.\n--skip-unsupported leaves out what cannot become a cron\.\n--keep-unknown takes over crons whose runner does not exist yet, switched off\.\n$/,
    );
    expect(await cloudtab('apply', path, '--json')).toBe(1);
    expect(JSON.parse(t.out)).toMatchObject({
      changes: false,
      leftOut: [],
      notes: [{ line: 4 }],
      problems: [{}, {}, {}],
    });
    await cloudtab('plan', file('x.yaml', 'crons: @'));
    expect(t.out).toContain('1 problem. The file cannot be applied until it is fixed.\n');
    expect(t.out).not.toContain('--');
  });

  it('A Unix crontab is applied as it is, and applying it again changes nothing', async () => {
    const path = file(
      'crontab',
      'MAILTO=me@example.org\nSHELL=/bin/bash\n# Tidies up\n0 3 * * * rm -f /tmp/x-$(date +\\%F)\n@daily cat%a\n',
    );
    expect(await cloudtab('apply', path)).toBe(0);
    expect(t.out).toContain('crontab:1:1 cloudtab sends no mail');
    expect(t.out).toContain('Applied: 2 parameters written.');
    await cloudtab('export', '--format', 'json');
    expect(JSON.parse(t.out).crons).toMatchObject([
      { name: 'command', environ: { command: 'cat', stdin: 'a\n', env: { SHELL: '/bin/bash' } } },
      { description: 'Tidies up\nMAILTO=me@example.org', environ: { command: 'rm -f /tmp/x-$(date +%F)' } },
    ]);
    expect(await cloudtab('apply', path)).toBe(0);
    expect(t.out).toContain('No changes');
  });

  it('cloudtab apply --keep-unknown takes crons over whose runner does not exist, and switching one on is refused', async () => {
    const path = file(
      'crons.xml',
      '<crons><cron uid="a" name="foo" activated="true" periodicity="@daily"/><cron uid="b" name="heartbeat" activated="true" periodicity="@daily"/></crons>',
    );
    expect(await cloudtab('apply', path)).toBe(1);
    expect(await cloudtab('apply', path, '--keep-unknown')).toBe(0);
    expect(t.out).toContain(
      '! a is switched off: "foo" is not a runner that may run here. Once it is, switch the cron on: cloudtab on a',
    );
    expect(t.out).toContain('Applied: 2 parameters written.');
    await cloudtab('ls', '--json');
    expect(JSON.parse(t.out).crons).toMatchObject([
      { uid: 'a', name: 'foo', activated: false },
      { uid: 'b', activated: true },
    ]);
    expect(await cloudtab('apply', path, '--keep-unknown', '--json')).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ changes: false, withoutRunner: [{ uid: 'a', name: 'foo' }] });
    expect(await cloudtab('edit', 'a', '--periodicity', '@hourly')).toBe(0);
    expect(await cloudtab('edit', 'a', '--name', 'bar')).toBe(2);
    expect(await cloudtab('on', 'a')).toBe(1);
    expect(t.out + t.err).toContain('name: got "foo"');
    expect(await cloudtab('edit', 'a', '--name', 'heartbeat', '--on')).toBe(0);
  });

  it('cloudtab plan --runner names the runner for the commands of a Unix crontab', async () => {
    const path = file('crontab', '@daily backup.sh\n');
    expect(await cloudtab('plan', path, '--runner', 'shell', '--json')).toBe(1);
    expect(JSON.parse(t.out).problems).toMatchObject([{ where: 'name', got: '"shell"', line: 1 }]);
    expect(await cloudtab('plan', path, '--runner', 'lambda:shell')).toBe(4);
    expect(t.out).toContain('"lambda:shell"');
    expect(t.out).toContain('{"command":"backup.sh"}');
  });

  it.each(['plan', 'apply'])('cloudtab %s creates a new site only with --new-site', async (command) => {
    const path = file('crons.yaml', CRONS);
    expect(await cloudtab('apply', path, '--site', 'shop', '--new-site')).toBe(0);
    expect(await cloudtab(command, path, '--site', 'shp')).toBe(1);
    const { message } = siteNotFound('shp', ['shop'], t.dir);
    expect(t.err.startsWith(`cloudtab: ${message} `)).toBe(true);
    expect(t.err).toContain('--new-site');
    expect(await cloudtab(command, path, '--site', 'shp', '--new-site')).toBe(command === 'plan' ? 4 : 0);
    expect(await cloudtab('plan', path, '--site', 'shop')).toBe(0);
  });

  it.each<[string, number, string[], string]>([
    [
      'a file that does not exist',
      1,
      ['plan', '/nowhere/x.yaml'],
      `cloudtab: Cannot read /nowhere/x.yaml: ${reasonFor('ENOENT')}. Give a file, or - for standard input.\n`,
    ],
    ['a folder', 1, ['plan', '/'], `cloudtab: Cannot read /: ${reasonFor('EISDIR')}. `],
    [
      'an unknown format',
      2,
      ['plan', '/dev/null', '--format', 'toml'],
      `cloudtab: --format: got "toml", wanted ${FORMATS.join(', ')}. Choose one of these.\n`,
    ],
    ['a site name that is not valid', 1, ['plan', '/dev/null', '--site', 'No Site'], ' site "No Site"'],
  ])('cloudtab plan explains why it rejects %s and exits with %i', async (_, code, args, message) => {
    expect(await cloudtab(...args)).toBe(code);
    expect(t.err).toContain(message);
  });
});

describe('cloudtab apply', () => {
  it('cloudtab apply prints the plan and applies it, and writes nothing the second time', async () => {
    const path = file('crons.yaml', CRONS);
    expect(await cloudtab('apply', path)).toBe(0);
    expect(t.out).toContain('+ alive\n');
    expect(await t.jsonOf('ls')).toMatchObject({
      timezone: 'Europe/Paris',
      crons: [{ uid: 'alive' }, { uid: 'nightly' }],
    });
    expect(await cloudtab('apply', path, '--json')).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({ changes: false, written: 0, unchanged: ['alive', 'nightly'] });
    expect(await cloudtab('apply', path)).toBe(0);
    expect(t.out).toMatch(/^.*\n$/);
  });

  it('cloudtab apply removes nothing without --yes when there is no terminal, and prints what it would remove', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS));
    const path = file('one.yaml', 'crons: [{uid: alive}]');
    expect(await cloudtab('apply', path, '--prune')).toBe(1);
    expect(t.out).toMatch(/^- nightly\n/m);
    expect(t.err).toBe('cloudtab: This would remove 1 cron: nightly. Confirm with --yes.\n');
    expect(await cloudtab('apply', path, '--prune', '--yes', '--json')).toBe(0);
    expect(JSON.parse(t.out)).toMatchObject({
      written: 1,
      steps: [{ kind: 'remove', uid: 'nightly', pruned: true }],
    });
  });

  it('cloudtab plan and apply report a read-only crontab and exit with 1', async () => {
    await cloudtab(
      'apply',
      file('crons.yaml', `${CRONS}`.replace('timezone:', 'readOnly: true\n  timezone:')),
    );
    const path = file('one.yaml', 'crons: [{uid: alive, timeout: 9}]');
    expect(await cloudtab('plan', path)).toBe(1);
    expect(t.out).toContain(
      'The crontab of default is read-only: the plan cannot be applied. Unlock it with: cloudtab edit --no-read-only --site default\n',
    );
    expect(await cloudtab('apply', path)).toBe(1);
    expect(t.err).toBe(`cloudtab: ${new ReadOnlyError('default').message}\n`);
  });
});

describe('cloudtab export', () => {
  it.each(EXPORT_FORMATS)(
    'cloudtab export writes %s that cloudtab apply accepts without a change',
    async (format) => {
      await cloudtab('apply', file('crons.yaml', CRONS));
      const path = join(t.dir, 'exported');
      expect(await cloudtab('export', '--format', format, '-o', path)).toBe(0);
      expect(t.out).toContain(path);
      expect(await cloudtab('plan', path, '--format', format)).toBe(0);
      expect(await cloudtab('export', '--format', format)).toBe(0);
      expect(t.out).toBe(readFileSync(path, 'utf8'));
    },
  );

  it.each([
    ['x.xml', [], '<?xml'],
    ['x.JSON', [], '{'],
    ['x.yml', [], 'crontab:'],
    ['x.txt', [], 'crontab:'],
    ['x.xml', ['--format', 'yaml'], 'crontab:'],
    ['x.xml', ['--json'], '{'],
  ])(
    'cloudtab export -o %s with the options %j writes a file that begins with %s',
    async (name, more, start) => {
      await cloudtab('apply', file('crons.yaml', CRONS));
      expect(await cloudtab('export', '-o', join(t.dir, name), ...more)).toBe(0);
      expect(readFileSync(join(t.dir, name), 'utf8').startsWith(start)).toBe(true);
    },
  );

  it('cloudtab export explains why it cannot write the file', async () => {
    expect(await cloudtab('export', '-o', '/nope/x.yaml')).toBe(1);
    const fix = 'Choose a file in an existing folder.';
    expect(t.err).toBe(`cloudtab: Cannot write /nope/x.yaml: ${reasonFor('ENOENT')}. ${fix}\n`);
    expect(await cloudtab('export', '-o', t.dir)).toBe(1);
    expect(t.err).toBe(`cloudtab: Cannot write ${t.dir}: ${reasonFor('EISDIR')}. ${fix}\n`);
  });

  it('cloudtab export --full writes every field, in the formats that can hold them', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS));
    const path = join(t.dir, 'full.json');
    expect(await cloudtab('export', '--full', '-o', path)).toBe(0);
    expect(t.out).toBe(`Exported 2 crons of default to ${path}.\n`);
    await cloudtab('export', '--full', '--json');
    expect(t.out).toBe(readFileSync(path, 'utf8'));
    expect(JSON.parse(t.out).crons[0]).toMatchObject({ uid: 'alive', user: null, overlap: 'skip' });
    expect(await cloudtab('export', '--full', '--format', 'xml')).toBe(2);
    expect(t.err).toBe(
      'cloudtab: --full: got xml, wanted a format that can express null. Choose yaml or json.\n',
    );
  });

  it('cloudtab export rejects a format that can only be read', async () => {
    expect(await cloudtab('export', '--format', 'crontab')).toBe(2);
    for (const format of EXPORT_FORMATS) expect(t.err).toContain(format);
  });

  it('cloudtab export explains that the site does not exist', async () => {
    expect(await cloudtab('export', '--site', 'shop')).toBe(1);
    expect(t.err).toMatch(/^cloudtab: site "shop"/);
  });
});
