import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../lib/cli/main.ts';
import { tempFolder } from '../support/temp-folder.ts';

let dir: string;
let out: string;
let err: string;

beforeEach(() => {
  dir = tempFolder();
  out = '';
  err = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += stripVTControlCharacters(String(text));
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += stripVTControlCharacters(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

/** Types the command, for the folder of this test; what it prints is only that of this command. */
async function cloudtab(...args: string[]): Promise<number> {
  out = '';
  err = '';
  return main([...args, '--dir', dir]);
}

function file(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
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

/** Without the times, which are those of this test's day. */
const timeless = (text: string) =>
  text.replace(/\d{4}-\d\d-\d\dT[\d:]+Z \(in [^)]+\)/g, 'SOON').replaceAll(`${dir}/`, '');

describe('cloudtab plan', () => {
  it('shows what applying would do, and exits with 4', async () => {
    expect(await cloudtab('plan', file('crons.yaml', CRONS))).toBe(4);
    expect(timeless(out)).toBe(
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
    expect(out).not.toContain('alive');
  });

  it('shows each field that changes, what is removed and what stays; and exits with 0 when nothing changes', async () => {
    const path = file('crons.yaml', CRONS);
    await cloudtab('apply', path);
    expect(await cloudtab('plan', path)).toBe(0);
    expect(out).toBe('No changes: the crontab of default is as the file wants it.\n');
    const other = file(
      'other.yaml',
      'crons: [{uid: alive, environ: {seconds: 1}, timezone: Asia/Tokyo, periodicity: "@hourly"}]',
    );
    expect(await cloudtab('plan', other, '--prune')).toBe(4);
    expect(timeless(out).replace('SOON → SOON', 'SOON')).toBe(
      `~ alive
    periodicity      "*/5 * * * *" → "@hourly"
    timezone         nothing → "Asia/Tokyo"
    environ.message  "hello" → nothing
    environ.seconds  nothing → 1
    next run         SOON
- nightly
    the file does not name it
    next run  never
0 to add, 1 to change, 1 to remove; 0 unchanged.
`,
    );
    await cloudtab('plan', other);
    expect(out).toContain('The file does not name nightly: kept, unless you --prune.');
  });

  it('shows what differs, also at the end of long values, and every word of what is added', async () => {
    const url = `https://example.com/${'very/'.repeat(40)}`;
    const crons = (end: string) =>
      `crons: [{uid: a, name: "lambda:x", periodicity: "@daily", environ: {url: ${url}${end}}}]`;
    const path = file('crons.yaml', crons('one'));
    await cloudtab('plan', path);
    expect(out).toContain(`    environ      {"url":"${url}one"}\n`);
    await cloudtab('apply', path);
    await cloudtab('plan', file('crons.yaml', crons('two')));
    expect(out).toContain(`    environ.url  "${url}one" → "${url}two"\n`);
  });

  it('shows which crons run at other times by the settings alone', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS.replace('Europe/Paris', 'UTC')));
    const path = file('off.yaml', 'crontab: {activated: false}\ncrons: [{uid: nightly}]');
    expect(await cloudtab('plan', path)).toBe(4);
    expect(timeless(out)).toBe(
      `~ the crontab of default
    activated  true → false
· alive
    only its next run changes, by the settings of the crontab
    next run  SOON → never
0 to add, 0 to change, 0 to remove, and the settings, which move 1 cron; 1 unchanged. The file does not name alive: kept, unless you --prune.
`,
    );
    expect(await cloudtab('plan', path, '--json')).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
      steps: [],
      moved: [{ uid: 'alive', nextBefore: expect.stringMatching(/Z$/) }],
    });
    await cloudtab('apply', path);
    expect(out).toContain('Applied: 1 parameter written.');
  });

  it('prints JSON for programs', async () => {
    expect(await cloudtab('plan', file('crons.yaml', CRONS), '--json')).toBe(4);
    expect(JSON.parse(out)).toMatchObject({
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
    expect(JSON.parse(out).steps).toEqual([
      {
        kind: 'change',
        uid: 'alive',
        mends: false,
        changes: [{ field: 'timeout', before: 300, after: 9 }],
        nextBefore: expect.stringMatching(/Z$/),
        nextAfter: expect.stringMatching(/Z$/),
      },
      { kind: 'remove', uid: 'nightly', pruned: false },
    ]);
  });

  it.each<[string, string, string]>([
    [
      'a file that is no YAML',
      'crons:\n  - uid: a\n   name: x',
      'crons.yaml:3:1 value: got "name: x", wanted YAML.',
    ],
    [
      'a field that is not valid',
      'crons: [{uid: a, name: heartbeat, periodicity: "@dayly"}]',
      'crons.yaml:1:35 a: periodicity: got "@dayly"',
    ],
    [
      'a runner that does not exist',
      'crons: [{uid: a, name: heartbat, periodicity: "@daily"}]',
      '✗ crons.yaml:1:18 a: name: got "heartbat"',
    ],
  ])('tells the line and column of %s, and exits with 1', async (_, text, problem) => {
    const path = file('crons.yaml', text);
    expect(await cloudtab('plan', path)).toBe(1);
    expect(timeless(out)).toContain(problem);
    expect(await cloudtab('apply', path)).toBe(1);
    expect(timeless(out)).toContain(problem);
    expect(await cloudtab('plan', path, '--json')).toBe(1);
    expect(JSON.parse(out).problems).toHaveLength(1);
  });

  it('keeps lines of a crontab that it cannot express in its report', async () => {
    const path = file('crontab', '@reboot start\u001b[31m.sh\n@daily heartbeat {}\n');
    expect(await cloudtab('plan', path)).toBe(4);
    expect(timeless(out)).toContain(
      '! crontab:1:1 is left out: @reboot start.sh\n    There is no machine that boots: choose a time.\n',
    );
  });

  it('tells what is left out and what runners say also of a file that has other problems', async () => {
    const path = file('crontab', '@reboot x\n0 3 * *\n@daily htpp {}\n');
    expect(await cloudtab('plan', path)).toBe(1);
    expect(timeless(out).replace(/-\w{6}:/, ':')).toMatch(
      /^! crontab:1:1 is left out: @reboot x\n.*\n✗ crontab:2:1 value: got "0 3 \* \*".*\n✗ crontab:3:8 htpp: name: got "htpp".*\n2 problems: nothing can be applied until they are mended\.\n$/,
    );
    expect(await cloudtab('apply', path, '--json')).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ changes: false, leftOut: [{ line: 1 }], problems: [{}, {}] });
    await cloudtab('plan', file('x.yaml', 'crons: @'));
    expect(out).toContain('1 problem: nothing can be applied until it is mended.\n');
  });

  it('names the runner for commands of a crontab as it is told', async () => {
    const path = file('crontab', '@daily backup.sh\n');
    await cloudtab('plan', path);
    expect(out).toContain('name: got "command", wanted the name of a runner');
    expect(await cloudtab('plan', path, '--runner', 'lambda:shell')).toBe(4);
    expect(out).toContain('"lambda:shell"');
    expect(out).toContain('{"command":"backup.sh"}');
  });

  it.each(['plan', 'apply'])('makes a new site only when told so: %s', async (command) => {
    const path = file('crons.yaml', CRONS);
    expect(await cloudtab('apply', path, '--site', 'shop', '--new-site')).toBe(0);
    expect(await cloudtab(command, path, '--site', 'shp')).toBe(1);
    expect(err).toBe(
      `cloudtab: There is no site "shp" in ${dir}. Did you mean "shop"? To make a new one, add --new-site.\n`,
    );
    expect(await cloudtab(command, path, '--site', 'shp', '--new-site')).toBe(command === 'plan' ? 4 : 0);
    expect(await cloudtab('plan', path, '--site', 'shop')).toBe(0);
  });

  it.each<[string, string[], string]>([
    [
      'a file that is not there',
      ['plan', '/nowhere/x.yaml'],
      'cloudtab: Cannot read /nowhere/x.yaml: there is no such file or folder. Name a file, or - for what comes through a pipe.\n',
    ],
    ['a folder', ['plan', '/'], 'cloudtab: Cannot read /: it is a folder. Name a file, or - for what'],
    [
      'a format that does not exist',
      ['plan', '/dev/null', '--format', 'toml'],
      'cloudtab: There is no format "toml". There is: yaml, json, xml, crontab, collective.\n',
    ],
    [
      'a site that cannot be',
      ['plan', '/dev/null', '--site', 'No Site'],
      'cloudtab: There is no site "No Site".',
    ],
  ])('says what is wrong with %s, and exits with 1', async (_, args, message) => {
    expect(await cloudtab(...args)).toBe(1);
    expect(err).toContain(message);
  });
});

describe('cloudtab apply', () => {
  it('shows the plan and carries it out; the second time it writes nothing', async () => {
    const path = file('crons.yaml', CRONS);
    expect(await cloudtab('apply', path)).toBe(0);
    expect(out).toContain('+ alive\n');
    expect(out).toContain('Applied: 3 parameters written.\n');
    expect(await cloudtab('apply', path, '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ changes: false, written: 0, unchanged: ['alive', 'nightly'] });
    expect(await cloudtab('apply', path)).toBe(0);
    expect(out).toBe('No changes: the crontab of default is as the file wants it.\n');
  });

  it('removes nothing without a yes, and shows what it would remove first', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS));
    const path = file('one.yaml', 'crons: [{uid: alive}]');
    expect(await cloudtab('apply', path, '--prune')).toBe(1);
    expect(out).toContain('- nightly\n    the file does not name it\n');
    expect(err).toBe(
      'cloudtab: It would remove 1 cron with their logs: nightly. Say that you want it with --yes.\n',
    );
    expect(await cloudtab('apply', path, '--prune', '--yes', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      written: 1,
      steps: [{ kind: 'remove', uid: 'nightly', pruned: true }],
    });
  });

  it('is refused in a crontab that is read only', async () => {
    await cloudtab(
      'apply',
      file('crons.yaml', `${CRONS}`.replace('timezone:', 'readOnly: true\n  timezone:')),
    );
    const path = file('one.yaml', 'crons: [{uid: alive, timeout: 9}]');
    expect(await cloudtab('plan', path)).toBe(1);
    expect(out).toContain('The crontab of default is read only: nothing of this can be applied.');
    expect(await cloudtab('apply', path)).toBe(1);
    expect(err).toBe(
      'cloudtab: The crontab of "default" is read only, so nothing was changed. Switch "readOnly" off first.\n',
    );
  });
});

describe('cloudtab export', () => {
  it.each(['yaml', 'json', 'xml', 'crontab', 'collective'])(
    'writes %s that is applied without a change',
    async (format) => {
      await cloudtab('apply', file('crons.yaml', CRONS));
      const path = join(dir, 'exported');
      expect(await cloudtab('export', '--format', format, '-o', path)).toBe(0);
      expect(out).toBe(`Wrote 2 crons of default to ${path}.\n`);
      expect(await cloudtab('plan', path, '--format', format)).toBe(0);
      expect(await cloudtab('export', '--format', format)).toBe(0);
      expect(out).toBe(readFileSync(path, 'utf8'));
    },
  );

  it.each([
    ['x.xml', [], '<?xml'],
    ['x.JSON', [], '{'],
    ['x.yml', [], 'crontab:'],
    ['x.txt', [], 'crontab:'],
    ['x.xml', ['--format', 'yaml'], 'crontab:'],
    ['x.xml', ['--json'], '{'],
  ])('writes the format that the name %s tells, unless %j says another', async (name, more, start) => {
    await cloudtab('apply', file('crons.yaml', CRONS));
    expect(await cloudtab('export', '-o', join(dir, name), ...more)).toBe(0);
    expect(readFileSync(join(dir, name), 'utf8').startsWith(start)).toBe(true);
  });

  it('says why it cannot write its file', async () => {
    expect(await cloudtab('export', '-o', '/nope/x.yaml')).toBe(1);
    expect(err).toBe(
      'cloudtab: Cannot write /nope/x.yaml: there is no such file or folder. Name a file in a folder that is there.\n',
    );
    expect(await cloudtab('export', '-o', dir)).toBe(1);
    expect(err).toBe(
      `cloudtab: Cannot write ${dir}: it is a folder. Name a file in a folder that is there.\n`,
    );
  });

  it('writes every field when asked for, in the formats that have a word for each', async () => {
    await cloudtab('apply', file('crons.yaml', CRONS));
    await cloudtab('export', '--full', '--json');
    expect(JSON.parse(out).crons[0]).toMatchObject({ uid: 'alive', user: null, overlap: 'skip' });
    expect(await cloudtab('export', '--full', '--format', 'xml')).toBe(1);
    expect(err).toBe(
      'cloudtab: --full is for yaml and json: the other formats have no word for every field.\n',
    );
  });

  it('needs a site that exists', async () => {
    expect(await cloudtab('export', '--site', 'shop')).toBe(1);
    expect(err).toContain('There is no site "shop"');
  });
});
