// cspell:ignore quot averyveryveryverylongwor
import { describe, expect, it } from 'vitest';
import type { Exported } from '../../../lib/app/profiles/dump.ts';
import { EXPORT_FORMATS, FORMATS, type Format } from '../../../lib/app/profiles/format-names.ts';
import { formatOf, readProfile, writeProfile } from '../../../lib/app/profiles/formats.ts';
import { CRON_DEFAULTS } from '../../../lib/core/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../../lib/core/domain/crontab-settings.ts';
import { placedText, profileIn } from './support.ts';

/** The fields that the profile gives, by uid. */
function fieldsIn(text: string, format: Format) {
  return Object.fromEntries(profileIn(text, format).elements.map((element) => [element.uid, element.given]));
}

const nightly = { ...CRON_DEFAULTS, uid: 'nightly', name: 'http', periodicity: '0 3 * * *' };
const crontab: Exported = {
  site: 'shop',
  settings: { ...CRONTAB_DEFAULTS, timezone: 'Europe/Paris' },
  crons: [
    { ...nightly, environ: { url: 'https://a.example/?q=100%' }, timezone: 'Asia/Tokyo' },
    { ...nightly, uid: 'off', name: 'two words', activated: false, overlap: 'allow', user: 'a "b"' },
    { ...nightly, uid: 'shell', name: 'command', environ: { command: 'backup.sh --all' } },
  ],
};

describe('the format of a file', () => {
  it.each<[string, string, Format]>([
    ['a.yaml', '<x/>', 'yaml'],
    ['a.YML', '', 'yaml'],
    ['a.json', ' {}', 'json'],
    ['list.json', ' [1]', 'json'],
    ['crons.xml', '', 'xml'],
    ['crontab', '@daily x', 'crontab'],
    ['-', '\n<crons/>', 'xml'],
    ['-', ' {}', 'json'],
    ['-', '[]', 'json'],
    ['-', '', 'crontab'],
    ['-', '# only a comment\n', 'crontab'],
    ['-', '# c\n\n@daily x\n', 'crontab'],
    ['-', '5 * * *\n', 'crontab'],
    ['-', 'H H * * * x\n', 'crontab'],
    ['-', 'h(0-9) 3 * * * x\n', 'crontab'],
    ['-', 'MAILTO = me\n', 'crontab'],
    ['-', '# c\n\ncrons: []\n', 'yaml'],
    ['-', 'crontab:\n  timezone: UTC\n', 'yaml'],
    ['-', '"$schema": x\n', 'yaml'],
    ['-', '%YAML 1.2\n---\n', 'yaml'],
    ['-', '---\ncrons: []\n', 'yaml'],
    ['exported', 'crons: []', 'yaml'],
    ['exported', 'what is this', 'crontab'],
  ])(
    'formatOf finds the format by the name of the file or else by its beginning: %s with %j is %s',
    (name, text, format) => {
      expect(formatOf(name, text)).toBe(format);
    },
  );

  it('readProfile asks for the format of text through a pipe that it does not recognize', () => {
    expect(readProfile('# c\n- uid: a\n  name: x\n', { name: '-' }).problems.map(placedText)).toEqual([
      `2:1 value: got "- uid: a", wanted a first line that identifies the format. Name the format with --format: ${FORMATS.join(', ')}.`,
    ]);
  });

  it.each(EXPORT_FORMATS)('formatOf recognizes an export in %s that comes through a pipe', (format) => {
    for (const exported of [crontab, { ...crontab, settings: CRONTAB_DEFAULTS }, { ...crontab, crons: [] }]) {
      expect(formatOf('-', writeProfile(exported, format))).toBe(format);
    }
  });

  it('readProfile prefers the format that it is given to the ending of the name', () => {
    expect(readProfile('@daily true', { name: 'x.yaml', format: 'crontab' }).problems).toEqual([]);
  });
});

describe('YAML', () => {
  it('A YAML export omits fields at their default', () => {
    expect(writeProfile(crontab, 'yaml')).toBe(
      `${[
        'crontab:',
        '  timezone: Europe/Paris',
        'crons:',
        '  - uid: nightly',
        '    name: http',
        '    periodicity: 0 3 * * *',
        '    timezone: Asia/Tokyo',
        '    environ:',
        '      url: https://a.example/?q=100%',
        '  - uid: off',
        '    name: two words',
        '    periodicity: 0 3 * * *',
        '    activated: false',
        '    user: a "b"',
        '    overlap: allow',
        '  - uid: shell',
        '    name: command',
        '    periodicity: 0 3 * * *',
        '    environ:',
        '      command: backup.sh --all',
      ].join('\n')}\n`,
    );
  });

  it('A full YAML export has every field, also those at their default', () => {
    const text = writeProfile({ ...crontab, crons: [nightly] }, 'yaml', true);
    expect(text).toContain('crontab:\n  activated: true\n  readOnly: false\n  timezone: Europe/Paris\n');
    expect(text).toContain(
      '    timezone: null\n    description: null\n    tags: null\n    activated: true\n    environ: {}\n    user: null\n    logsLimit: 5\n',
    );
  });

  it('A YAML profile may be empty, begin with a byte order mark, and use aliases', () => {
    expect(fieldsIn('', 'yaml')).toEqual({});
    const text = '\uFEFFcrons:\n  - &a {uid: a, environ: &e {x: 1}}\n  - {uid: b, environ: *e}\n';
    expect(fieldsIn(text, 'yaml')).toEqual({ a: { environ: { x: 1 } }, b: { environ: { x: 1 } } });
  });
});

describe('JSON', () => {
  it('A JSON profile may name its schema and be indented with tabs', () => {
    const text = writeProfile({ ...crontab, crons: [nightly] }, 'json');
    expect(JSON.parse(text)).toEqual({
      crontab: { timezone: 'Europe/Paris' },
      crons: [{ uid: 'nightly', name: 'http', periodicity: '0 3 * * *' }],
    });
    const tabs = JSON.stringify({ $schema: 'profile.schema.json', ...JSON.parse(text) }, null, '\t');
    expect(fieldsIn(tabs, 'json')).toEqual({ nightly: { name: 'http', periodicity: '0 3 * * *' } });
  });
});

describe('crons.xml', () => {
  it('An XML export has the form of collective.cron, with other fields in attributes of the same name', () => {
    expect(writeProfile(crontab, 'xml')).toBe(
      `${[
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<crons>',
        '  <cron uid="nightly" name="http" activated="true" periodicity="0 3 * * *" timezone="Asia/Tokyo">',
        '    <environ><![CDATA[ {"url":"https://a.example/?q=100%"} ]]></environ>',
        '  </cron>',
        '  <cron uid="off" name="two words" activated="false" periodicity="0 3 * * *" user="a &quot;b&quot;" overlap="allow" />',
        '  <cron uid="shell" name="command" activated="true" periodicity="0 3 * * *">',
        '    <environ><![CDATA[ {"command":"backup.sh --all"} ]]></environ>',
        '  </cron>',
        '</crons>',
      ].join('\n')}\n`,
    );
  });

  it('An XML export is rejected when a name has a character that XML cannot hold', () => {
    const crons = [{ ...nightly, name: 'bell\u0007' }];
    expect(() => writeProfile({ ...crontab, crons }, 'xml')).toThrow(
      'nightly.name: got "bell\\u0007", wanted characters that XML can represent. Choose another format, or remove that character.',
    );
  });

  it.each([
    ['true', true],
    ['True', true],
    ['1', true],
    ['on', true],
    ['false', false],
    ['No', false],
    ['0', false],
  ])('An XML profile reads activated="%s" as collective.cron does', (text, activated) => {
    expect(fieldsIn(`<crons><cron uid="a" activated="${text}"/></crons>`, 'xml')).toEqual({
      a: { activated },
    });
  });

  it('An XML profile has its environ in CDATA or as text, and an empty environ counts as none', () => {
    const text = `<crons>
      <cron uid="a"><environ> <![CDATA[ {"x": "<&"} ]]> </environ></cron>
      <cron uid="b"><environ>{"x": "&lt;&#38;"}</environ></cron>
      <cron uid="c"><environ> </environ></cron>
      <cron uid="d" timeout="2m" logsLimit="7" tags=" eu  mail "/>
    </crons>`;
    expect(fieldsIn(text, 'xml')).toEqual({
      a: { environ: { x: '<&' } },
      b: { environ: { x: '<&' } },
      c: {},
      d: { timeout: '2m', logsLimit: 7, tags: ['eu', 'mail'] },
    });
  });
});

describe('a Unix crontab', () => {
  it('A comment for cloudtab gives the line below it the fields that a crontab cannot express', () => {
    const text = [
      'CRON_TZ=Asia/Tokyo',
      '# cloudtab: {"uid":"nightly"}',
      '0 3 * * * http {"url":"https://a.example/?q=100\\%"}',
      'CRON_TZ=',
      '# cloudtab: {"uid":"off","activated":false,"user":"a \\"b\\"","overlap":"allow"}',
      '# 5 words of a plain comment',
      '0 3 * * * throttle {"rate":"100\\%"}',
      '# cloudtab: {"uid":"other","periodicity":"0  3 * * *","name":"two words"}',
      '@daily backup.sh --all',
      '# cloudtab: {"uid":null,"timeout":null}',
      '@daily lambda:clean',
    ].join('\n');
    const periodicity = '0 3 * * *';
    const [cleanUid = ''] = Object.keys(fieldsIn('@daily lambda:clean', 'crontab'));
    expect(fieldsIn(text, 'crontab')).toEqual({
      nightly: {
        name: 'http',
        environ: { url: 'https://a.example/?q=100%' },
        periodicity,
        timezone: 'Asia/Tokyo',
      },
      off: {
        name: 'throttle',
        environ: { rate: '100%' },
        periodicity,
        description: '5 words of a plain comment',
        activated: false,
        user: 'a "b"',
        overlap: 'allow',
      },
      other: { name: 'two words', environ: { command: 'backup.sh --all' }, periodicity: '0  3 * * *' },
      [cleanUid]: { name: 'lambda:clean', environ: {}, periodicity: '@daily', timeout: null },
    });
  });

  it('A line with a runner keeps its name and environ, and any other command goes to the runner "command"', () => {
    const text = [
      '# a comment',
      'SHELL=/bin/bash',
      '\'MAIL DIR\' = "/var/mail"',
      '  15 2\t* *  1-5   lambda:reports   {"month": 1}  ',
      '@daily lambda:clean',
      '@hourly /usr/bin/backup --all%first%second \\%',
      '',
    ].join('\r\n');
    const [reports, clean, backup] = profileIn(text, 'crontab').elements;
    expect(reports?.uid).toMatch(/^lambda-reports-[0-9a-f]{6}$/);
    expect(reports?.given).toEqual({
      name: 'lambda:reports',
      environ: { month: 1 },
      periodicity: '15 2 * * 1-5',
    });
    expect(clean?.given).toEqual({ name: 'lambda:clean', environ: {}, periodicity: '@daily' });
    expect(backup?.uid).toMatch(/^usr-bin-backup-all-first-[0-9a-f]{6}$/);
    expect(backup?.given).toEqual({
      name: 'command',
      periodicity: '@hourly',
      environ: {
        command: '/usr/bin/backup --all',
        stdin: 'first\nsecond %\n',
        env: { SHELL: '/bin/bash', 'MAIL DIR': '/var/mail' },
      },
    });
  });

  it('CRON_TZ is the time zone of the lines below it, and TZ is while there is no CRON_TZ', () => {
    const text = [
      '* * * * * lambda:a',
      'TZ=Europe/Paris',
      '* * * * * lambda:b',
      'CRON_TZ=Asia/Tokyo',
      '* * * * * lambda:c',
      'CRON_TZ=',
      '* * * * * lambda:d',
    ].join('\n');
    expect(profileIn(text, 'crontab').elements.map(({ given: { timezone } }) => timezone)).toEqual([
      undefined,
      'Europe/Paris',
      'Asia/Tokyo',
      undefined,
    ]);
  });

  it('A command has the same uid on any line and at any time', () => {
    const uids = (text: string) => profileIn(text, 'crontab').elements.map(({ uid }) => uid);
    const [one, two] = uids('@daily one\n@daily two\n');
    expect(uids('5 * * * * two\n@daily one\n@daily one\n')).toEqual([two, one, `${one}-2`]);
  });

  it('A repeated command gets numbered uids, and a long command a shortened uid', () => {
    const uids = (text: string) => profileIn(text, 'crontab').elements.map(({ uid }) => uid);
    const made = uids('@daily one\n'.repeat(20_000));
    expect(new Set(made).size).toBe(20_000);
    expect(made.at(-1)).toBe(`${made[0]}-20000`);
    const [long] = uids(`@daily ${'word '.repeat(100_000)}`);
    expect(long).toMatch(/^word-word-word-word-word-[\da-f]{6}$/);
    expect(uids('@daily averyveryveryverylongword -x')[0]).toMatch(/^averyveryveryverylongwor-[\da-f]{6}$/);
  });

  it('A command gets the variables above it, and is rejected when they exceed the size of a cron', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => index);
    const line = (index: number) => `@daily cmd ${index}`;
    const few = ['A=1', line(1), 'A=2', 'B="é"', line(2), line(3)].join('\n');
    expect(profileIn(few, 'crontab').elements.map(({ given }) => given.environ)).toEqual([
      { command: 'cmd 1', env: { A: '1' } },
      { command: 'cmd 2', env: { A: '2', B: 'é' } },
      { command: 'cmd 3', env: { A: '2', B: 'é' } },
    ]);
    const text = [...many.map((index) => `V${index}=1`), ...many.map(line)].join('\n');
    expect(readProfile(text, { format: 'crontab' }).problems.map(placedText)).toEqual([
      '20001:1 environ.env: got 20000 NAME=value lines above it, which take 248890 bytes, wanted at most 8192 bytes, since each cron stores them. Move long values elsewhere, or move variables that this line does not need below it.',
    ]);
  });

  it('Lines that cloudtab cannot run are left out, each with its text and the reason', () => {
    const text = [
      '@reboot start.sh',
      '0~30 * * * * true',
      '0 3 * * * root run-parts /etc/cron.daily',
      '0 4 * * * rooted',
    ].join('\n');
    const { leftOut, elements } = profileIn(text, 'crontab');
    expect(leftOut).toEqual([
      {
        line: 1,
        column: 1,
        text: '@reboot start.sh',
        reason: 'No machine boots: choose a time.',
      },
      {
        line: 2,
        column: 1,
        text: '0~30 * * * * true',
        reason: 'Random times are not supported: write "H", or "H(0-29)", which spreads times by uid.',
      },
      {
        line: 3,
        column: 1,
        text: '0 3 * * * root run-parts /etc/cron.daily',
        reason:
          'The line has a user before the command: remove the user, and set the field "user" if the runner needs one.',
      },
    ]);
    expect(elements).toHaveLength(1);
  });

  it('The comments directly above a line and the address of its mail are its description', () => {
    const text = [
      '# m h  dom mon dow   command',
      '@daily one',
      '# About the file.',
      '',
      '# == Second ==',
      '# of two lines',
      '@daily two',
      '# of no cron',
      'LANG=C',
      '@daily three',
      '# of a cron that is off',
      '# 0 3 * * * four',
      '@daily five',
      '# of a cron that is left out',
      '@reboot six',
      'MAILTO=ops@example.org',
      '@daily seven',
      '# Eighth',
      '# cloudtab: {"uid":"eight"}',
      '@daily eight',
      '# Given below',
      '# cloudtab: {"description":"its own"}',
      '@daily nine',
      'MAILTO=',
      '@daily ten',
    ].join('\n');
    const { elements, notes } = profileIn(text, 'crontab');
    expect(elements.map(({ given }) => given.description)).toEqual([
      undefined,
      'Second\nof two lines',
      undefined,
      undefined,
      'MAILTO=ops@example.org',
      'Eighth\nMAILTO=ops@example.org',
      'its own',
      undefined,
    ]);
    expect(elements[3]?.given.environ).toEqual({ command: 'five', env: { LANG: 'C' } });
    expect(notes).toEqual([
      {
        line: 2,
        column: 1,
        text:
          'Unlike under cron, a command ends after its timeout of 5 minutes, and is skipped while its previous run goes on. ' +
          'The fields timeout and overlap change that.',
      },
      {
        line: 16,
        column: 1,
        text:
          'cloudtab sends no mail: the address is kept in the descriptions. Read the output of a run in its log, and ' +
          'subscribe to the events of failures.',
      },
    ]);
  });

  it('A description that is too long is cut, and a note says so', () => {
    const { elements, notes } = profileIn(`# ${'x'.repeat(600)}\n@daily lambda:one`, 'crontab');
    expect(elements[0]?.given.description).toBe(`${'x'.repeat(499)}…`);
    expect(notes).toEqual([{ line: 2, column: 1, text: 'The description is cut to 500 characters.' }]);
  });

  it.each([
    ['*/60 * * * *', '*/60 * * * *', 1],
    ['*/120 * * * *', '*/60 * * * *', 1],
    ['17-21/7,40-50/5 1-3/3 * * *', '17-21/5,40-50/5 1-3/3 * * *', 2],
    ['0 0 */99 JAN-mar/7 Mon-fri/5', '0 0 */31 JAN-mar/3 Mon-fri/5', 3],
    ['*/59 */12 */2 * 1-5/2', '*/59 */12 */2 * 1-5/2', 0],
    ['@daily', '@daily', 0],
  ])(
    'The schedule %s is kept as %s, and each step beyond its end has a note',
    (schedule, periodicity, count) => {
      const { elements, notes } = profileIn(`${schedule} lambda:one`, 'crontab');
      expect(elements[0]?.given.periodicity).toBe(periodicity);
      expect(notes).toHaveLength(count);
    },
  );

  it('A range that goes backwards is a problem, also with a step', () => {
    const { problems } = readProfile('50-10/7 * * * * true', { format: 'crontab' });
    expect(problems).toMatchObject([{ where: 'periodicity', line: 1 }]);
  });

  it('A "# cloudtab:" comment of a cron that is commented out does not apply to the next cron', () => {
    const crons = ['# 0 3 * * * http {}', '#@daily true'].map((line) => {
      const text = `# cloudtab: {"uid":"old"}\n${line}\n@daily other`;
      return profileIn(text, 'crontab').elements.map(({ uid }) => uid);
    });
    expect(crons).toEqual(Array(2).fill([expect.stringMatching(/^other-\w{6}$/)]));
  });

  it('A word that may be a command is not read as a user', () => {
    const text = [
      `0 22 * * 1-5 mail -s "It's 10pm" joe%Joe,%%Where are your kids?%`,
      '0 3 * * * backup /home',
      '0 3 * * * mysql -e "select 1"',
      '0 3 * * * postgres --version',
      '0 3 * * * daemon -- sleep 1',
    ].join('\n');
    expect(profileIn(text, 'crontab')).toMatchObject({
      leftOut: [],
      elements: [
        {
          given: { environ: { command: `mail -s "It's 10pm" joe`, stdin: 'Joe,\n\nWhere are your kids?\n' } },
        },
        { given: { environ: { command: 'backup /home' } } },
        { given: { environ: { command: 'mysql -e "select 1"' } } },
        { given: { environ: { command: 'postgres --version' } } },
        { given: { environ: { command: 'daemon -- sleep 1' } } },
      ],
    });
    // cspell:ignore nobody
    for (const user of ['root', 'nobody', 'www-data', 'ubuntu', 'ec2-user']) {
      expect(profileIn(`0 3 * * * ${user} backup /home`, 'crontab').leftOut).toHaveLength(1);
    }
  });

  it('Any word is read as a user when the header of the file has a user column', () => {
    const header = '# m h dom mon dow user  command\n';
    expect(profileIn(`${header}0 3 * * * alice backup.sh`, 'crontab').leftOut).toHaveLength(1);
    expect(profileIn('0 3 * * * alice backup.sh', 'crontab').leftOut).toEqual([]);
  });
});
