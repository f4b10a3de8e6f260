import { describe, expect, it } from 'vitest';
import { CRON_DEFAULTS } from '../../lib/domain/cron.ts';
import { CRONTAB_DEFAULTS } from '../../lib/domain/crontab-settings.ts';
import type { Log } from '../../lib/domain/log.ts';
import type { Exported } from '../../lib/profiles/dump.ts';
import { FORMATS, type Format, formatOf, readProfile, writeProfile } from '../../lib/profiles/formats.ts';
import { NOON } from '../support/jobs.ts';
import { placedText, profileIn } from './support.ts';

/** What the profile gives, by uid. */
function given(text: string, format: Format) {
  return Object.fromEntries(profileIn(text, format).elements.map((element) => [element.uid, element.given]));
}

const nightly = { ...CRON_DEFAULTS, uid: 'nightly', name: 'http', periodicity: '0 3 * * *' };
const log: Log = { id: '1', at: NOON, date: NOON + 1500, status: 'WARN', messages: ['late'] };
const crontab: Exported = {
  site: 'shop',
  settings: { ...CRONTAB_DEFAULTS, timezone: 'Europe/Paris' },
  crons: [
    { ...nightly, environ: { url: 'https://a.example/?q=100%' }, timezone: 'Asia/Tokyo', logs: [log] },
    { ...nightly, uid: 'off', name: 'two words', activated: false, overlap: 'allow', user: 'a "b"' },
    { ...nightly, uid: 'shell', name: 'command', environ: { command: 'backup.sh --all' } },
  ],
};

describe('the format of a file', () => {
  it.each<[string, string, Format]>([
    ['a.yaml', '<x/>', 'yaml'],
    ['a.YML', '', 'yaml'],
    ['a.json', ' {}', 'json'],
    ['dump.json', ' [1]', 'collective'],
    ['crons.xml', '', 'xml'],
    ['crontab', '@daily x', 'crontab'],
    ['-', '\n<crons/>', 'xml'],
    ['-', ' {}', 'json'],
    ['-', '[]', 'collective'],
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
  ])('is told by its name, or else by its beginning: %s with %j is %s', (name, text, format) => {
    expect(formatOf(name, text)).toBe(format);
  });

  it('is asked for when text through a pipe does not tell it', () => {
    expect(readProfile('# c\n- uid: a\n  name: x\n', { name: '-' }).problems.map(placedText)).toEqual([
      '2:1 value: got "- uid: a", wanted a first line that tells the format. Say which it is with --format: yaml, json, xml, crontab, collective.',
    ]);
  });

  it.each(FORMATS)('is known again when an export comes through a pipe: %s', (format) => {
    for (const exported of [crontab, { ...crontab, settings: CRONTAB_DEFAULTS }, { ...crontab, crons: [] }]) {
      expect(formatOf('-', writeProfile(exported, format))).toBe(format);
    }
  });

  it('may be said', () => {
    expect(readProfile('@daily true', { name: 'x.yaml', format: 'crontab' }).problems).toEqual([]);
  });
});

describe('YAML', () => {
  it('is written without what is at its default', () => {
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

  it('is written in full when asked for', () => {
    const text = writeProfile({ ...crontab, crons: [nightly] }, 'yaml', true);
    expect(text).toContain('crontab:\n  activated: true\n  readOnly: false\n  timezone: Europe/Paris\n');
    expect(text).toContain(
      '    timezone: null\n    activated: true\n    environ: {}\n    user: null\n    logsLimit: 5\n',
    );
  });

  it('may be empty, have a mark at its beginning, and use an alias a few times', () => {
    expect(given('', 'yaml')).toEqual({});
    const text = '\uFEFFcrons:\n  - &a {uid: a, environ: &e {x: 1}}\n  - {uid: b, environ: *e}\n';
    expect(given(text, 'yaml')).toEqual({ a: { environ: { x: 1 } }, b: { environ: { x: 1 } } });
  });
});

describe('JSON', () => {
  it('may name its schema, and be indented with tabs', () => {
    const text = writeProfile({ ...crontab, crons: [nightly] }, 'json');
    expect(JSON.parse(text)).toEqual({
      crontab: { timezone: 'Europe/Paris' },
      crons: [{ uid: 'nightly', name: 'http', periodicity: '0 3 * * *' }],
    });
    const tabs = JSON.stringify({ $schema: 'profile.schema.json', ...JSON.parse(text) }, null, '\t');
    expect(given(tabs, 'json')).toEqual({ nightly: { name: 'http', periodicity: '0 3 * * *' } });
  });
});

describe('crons.xml', () => {
  it('is written in the format of collective.cron, and what that does not know in attributes of our names', () => {
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

  it('is not written when a name has a character that XML has not', () => {
    const crons = [{ ...nightly, name: 'bell\u0007' }];
    expect(() => writeProfile({ ...crontab, crons }, 'xml')).toThrow(
      'nightly.name: got "bell\\u0007", wanted characters that XML has. Choose another format, or take that character away.',
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
  ])('takes activated="%s" as collective.cron does', (text, activated) => {
    expect(given(`<crons><cron uid="a" activated="${text}"/></crons>`, 'xml')).toEqual({ a: { activated } });
  });

  it('takes an environ in CDATA or as text, and an empty one as none', () => {
    const text = `<crons>
      <cron uid="a"><environ> <![CDATA[ {"x": "<&"} ]]> </environ></cron>
      <cron uid="b"><environ>{"x": "&lt;&#38;"}</environ></cron>
      <cron uid="c"><environ> </environ></cron>
      <cron uid="d" timeout="2m" logsLimit="7"/>
    </crons>`;
    expect(given(text, 'xml')).toEqual({
      a: { environ: { x: '<&' } },
      b: { environ: { x: '<&' } },
      c: {},
      d: { timeout: '2m', logsLimit: 7 },
    });
  });
});

describe('a Unix crontab', () => {
  it('is written so that any other cron does not run what is switched off', () => {
    expect(writeProfile(crontab, 'crontab')).toBe(
      `${[
        '# The crontab of shop. Comments that begin with "cloudtab:" belong to the line below them.',
        '# Times are in Europe/Paris, unless CRON_TZ says otherwise.',
        '',
        'CRON_TZ=Asia/Tokyo',
        '',
        '# cloudtab: {"uid":"nightly"}',
        '0 3 * * * http {"url":"https://a.example/?q=100\\%"}',
        '',
        'CRON_TZ=',
        '',
        '# cloudtab: {"uid":"off","activated":false,"user":"a \\"b\\"","overlap":"allow","name":"two words"}',
        '# 0 3 * * * {}',
        '',
        '# cloudtab: {"uid":"shell"}',
        '0 3 * * * backup.sh --all',
      ].join('\n')}\n`,
    );
  });

  it('has runners with their environ, and commands for a runner of your own', () => {
    const text = [
      '# what anybody may write',
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
        stdin: 'first\nsecond %',
        variables: { SHELL: '/bin/bash', 'MAIL DIR': '/var/mail' },
      },
    });
  });

  it('gives CRON_TZ to the lines below it, and TZ while there is none', () => {
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

  it('has the same uid for the same command, wherever it stands and whenever it runs', () => {
    const uids = (text: string) => profileIn(text, 'crontab').elements.map(({ uid }) => uid);
    const [one, two] = uids('@daily one\n@daily two\n');
    expect(uids('5 * * * * two\n@daily one\n@daily one\n')).toEqual([two, one, `${one}-2`]);
  });

  it('counts the lines of one command, and takes no uid of another', () => {
    const uids = (text: string) => profileIn(text, 'crontab').elements.map(({ uid }) => uid);
    const made = uids('@daily one\n'.repeat(20_000));
    expect(new Set(made).size).toBe(20_000);
    expect(made.at(-1)).toBe(`${made[0]}-20000`);
    const [long] = uids(`@daily ${'word '.repeat(100_000)}`);
    expect(long).toMatch(/^word-word-word-word-word-[\da-f]{6}$/);
    expect(uids('@daily averyveryveryverylongword -x')[0]).toMatch(/^averyveryveryverylongwor-[\da-f]{6}$/);
  });

  it('gives each command the variables above it, and refuses more than a cron can keep', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => index);
    const line = (index: number) => `@daily cmd ${index}`;
    const few = ['A=1', line(1), 'A=2', 'B="é"', line(2), line(3)].join('\n');
    expect(profileIn(few, 'crontab').elements.map(({ given }) => given.environ)).toEqual([
      { command: 'cmd 1', variables: { A: '1' } },
      { command: 'cmd 2', variables: { A: '2', B: 'é' } },
      { command: 'cmd 3', variables: { A: '2', B: 'é' } },
    ]);
    const text = [...many.map((index) => `V${index}=1`), ...many.map(line)].join('\n');
    expect(readProfile(text, { format: 'crontab' }).problems.map(placedText)).toEqual([
      '20001:1 environ.variables: got 20000 NAME=value lines above it, which take 248890 bytes, wanted at most 8192 bytes, since each cron keeps them. Keep what is long elsewhere, or put what this line does not need below it.',
    ]);
  });

  it('leaves out what a crontab here cannot hold, with its line as it stands and what to do', () => {
    const text = [
      'MAILTO=ops@example.org',
      'MAILTO=""',
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
        text: 'MAILTO=ops@example.org',
        reason: 'Nobody is sent a mail: what a run said is in its log, and failures are told by events.',
      },
      {
        line: 3,
        column: 1,
        text: '@reboot start.sh',
        reason: 'There is no machine that boots: choose a time.',
      },
      {
        line: 4,
        column: 1,
        text: '0~30 * * * * true',
        reason: 'No time is drawn by lot: write "H", or "H(0-29)", which spreads by the uid.',
      },
      {
        line: 5,
        column: 1,
        text: '0 3 * * * root run-parts /etc/cron.daily',
        reason:
          'A user stands before the command: take the user away, and give the cron a "user" if its runner wants one.',
      },
    ]);
    expect(elements).toHaveLength(1);
  });

  it('takes no word for a user that may be a command', () => {
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
    for (const user of ['root', 'nobody', 'www-data', 'ubuntu', 'ec2-user']) {
      expect(profileIn(`0 3 * * * ${user} backup /home`, 'crontab').leftOut).toHaveLength(1);
    }
  });

  it('takes any word for a user when its header says that there is one', () => {
    const header = '# m h dom mon dow user  command\n';
    expect(profileIn(`${header}0 3 * * * alice backup.sh`, 'crontab').leftOut).toHaveLength(1);
    expect(profileIn('0 3 * * * alice backup.sh', 'crontab').leftOut).toEqual([]);
  });

  it('may remove a cron, and have it anew', () => {
    const text = '# cloudtab: {"uid":"a","remove":true}\n# cloudtab: {"uid":"a"}\n@daily lambda:a\n';
    expect(profileIn(text, 'crontab').elements.map(({ uid, remove }) => [uid, remove])).toEqual([
      ['a', true],
      ['a', false],
    ]);
  });
});

describe('the dump of collective.cron', () => {
  it('is read, and the logs are left out with the last status in words', () => {
    const logs = [
      { date: '2012-10-14 09:23:40', status: 0, messages: ['boom'] },
      { date: '2012-10-14 09:22:40', status: 1, messages: [] },
    ];
    const crons = [
      {
        uid: '1',
        name: 'a',
        user: null,
        activated: true,
        periodicity: '*/1 * * * *',
        logs_limit: 25,
        logs,
        environ: { foo: 'bar' },
      },
      JSON.stringify({
        uid: 4,
        id: '4',
        name: 'b',
        user: 'admin',
        activated: '1',
        periodicity: '@daily',
        environ: '{"x":1}',
        logs: logs.slice(1),
      }),
      { uid: 'c', name: 'c', user: '', periodicity: '@daily', environ: '', logs: [{ status: 9 }] },
    ];
    const text = JSON.stringify(crons, null, 1);
    expect(given(text, 'collective')).toEqual({
      '1': { name: 'a', activated: true, periodicity: '*/1 * * * *', logsLimit: 25, environ: { foo: 'bar' } },
      '4': { name: 'b', user: 'admin', activated: true, periodicity: '@daily', environ: { x: 1 } },
      c: { name: 'c', periodicity: '@daily' },
    });
    const profile = profileIn(text, 'collective');
    expect(profile.whenAdded).toEqual({ activated: false, logsLimit: 5 });
    expect(profile.leftOut.map(({ line, text: what }) => `${line} ${what}`)).toEqual([
      '2 2 logs of 1, the last one FAILURE at 2012-10-14 09:23:40',
      '27 1 log of 4, the last one OK at 2012-10-14 09:22:40',
      expect.stringMatching(/ 1 log of c, the last one an unknown status at undefined$/),
    ]);
  });

  it.each<[string, string]>([
    ['[{"uid": "a", "logs_limit": 99}]', '1:15 a: logsLimit'],
    ['[{"uid": "a", "environ": "{"}]', '1:15 a: environ'],
    ['["broken cron"]', '1:2 crons'],
    ['[{"uid": "a", "activated": "perhaps"}]', '1:15 a: activated'],
  ])('has its problems at their places: %s', (text, problem) => {
    const { problems } = readProfile(text, { format: 'collective' });
    expect(
      problems.map(({ line, column, uid, where }) => `${line}:${column} ${uid ? `${uid}: ` : ''}${where}`),
    ).toEqual([problem]);
  });

  it('is written with the integers of its statuses', () => {
    expect(JSON.parse(writeProfile({ ...crontab, crons: crontab.crons.slice(0, 1) }, 'collective'))).toEqual([
      {
        uid: 'nightly',
        name: 'http',
        user: null,
        activated: true,
        periodicity: '0 3 * * *',
        logs_limit: 5,
        logs: [{ date: '2026-03-02 12:00:01', status: 2, messages: ['late'] }],
        environ: { url: 'https://a.example/?q=100%' },
      },
    ]);
  });
});
