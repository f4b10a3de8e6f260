import { describe, expect, it } from 'vitest';
import { FORMATS, type Format, readProfile } from '../../lib/profiles/formats.ts';
import { MOST_PROFILE_BYTES } from '../../lib/profiles/text.ts';
import { placedText } from './support.ts';

/** What is told of a file, a line for each problem. */
function told(file: string | Uint8Array, format: Format): string[] {
  const { profile, problems } = readProfile(file, { format });
  expect(profile).toBeUndefined();
  return problems.map(placedText);
}

const utf16 = (text: string) => new Uint8Array([0xff, 0xfe, ...Buffer.from(text, 'utf16le')]);

describe.each(FORMATS)('a file that should be %s', (format) => {
  it('is refused when it has 10 MB', () => {
    expect(told('x'.repeat(10 * 1024 * 1024), format)).toEqual([
      '1:1 value: got 10485760 bytes, wanted at most 4194304 bytes. Is this the right file? A profile may be split: each is applied by itself.',
    ]);
    expect(MOST_PROFILE_BYTES).toBe(4 * 1024 * 1024);
  });

  it('is refused when it is not UTF-8, at the place of the first such byte', () => {
    const latin = new Uint8Array([...Buffer.from('# one\n# caf'), 0xe9, 0x0a]);
    expect(told(latin, format)).toEqual([
      '2:6 value: got bytes that are not UTF-8, wanted text in UTF-8. Save the file as UTF-8.',
    ]);
    expect(told(utf16('crons: []'), format)).toEqual([
      '1:1 value: got text in UTF-16, wanted text in UTF-8. Save the file as UTF-8.',
    ]);
    expect(told('ab\0c', format)).toEqual([
      '1:3 value: got a zero byte, wanted text in UTF-8. Name a text file; is this one packed or binary?',
    ]);
  });
});

describe('a malformed file', () => {
  it.each<[string, Format, string, string[]]>([
    [
      'truncated YAML',
      'yaml',
      'crons:\n  - uid: "a\n',
      ['3:1 value: got an end, wanted YAML. Mend it there, or above it. (Missing closing "quote.)'],
    ],
    [
      'a star without quotes in YAML',
      'yaml',
      'crons:\n  - uid: a\n    periodicity: */5 * * * *\n',
      [
        '3:22 value: got "periodicity: */5 * * * *", wanted YAML. Put it into quotes: text that begins with "*" or "@" has a meaning of its own. (Unexpected alias at node end.)',
      ],
    ],
    [
      'a nickname without quotes in YAML',
      'yaml',
      'crons:\n  - uid: a\n    periodicity: @daily\n',
      [
        '3:18 value: got "periodicity: @daily", wanted YAML. Put it into quotes: text that begins with "*" or "@" has a meaning of its own. (Plain value cannot start with reserved character @.)',
      ],
    ],
    [
      'an alias without an anchor',
      'yaml',
      'crons: *all',
      [
        '1:1 value: got an alias without an anchor, wanted YAML. Put it into quotes: text that begins with "*" has a meaning of its own. (Unresolved alias (the anchor must be set before the alias): all.)',
      ],
    ],
    [
      'two documents',
      'yaml',
      'crons: []\n---\ncrons: []\n',
      [
        '2:1 value: got "---", wanted YAML. Keep one document: take away the line "---" and what is below it. (Source contains multiple documents; please use YAML.parseAllDocuments().)',
      ],
    ],
    [
      'a tab in YAML',
      'yaml',
      'crons:\n\t- uid: a\n',
      [
        '2:1 value: got "- uid: a", wanted YAML. Use spaces instead of the tab. (Tabs are not allowed as indentation.)',
      ],
    ],
    [
      'a key twice in YAML',
      'yaml',
      'crons: []\ncrons: []\n',
      [
        '2:1 value: got "crons: []", wanted YAML. Take one of the two away: a key stands once in its object. (Map keys must be unique.)',
      ],
    ],
    [
      'a tag in YAML',
      'yaml',
      'crons:\n  - uid: !!binary aGk=\n',
      [
        '2:10 value: got "- uid: !!binary aGk=", wanted YAML. Take away the tag: a profile holds plain text, numbers, true, false, lists and objects. (Unresolved tag: tag:yaml.org,2002:binary.)',
      ],
    ],
    [
      'truncated JSON',
      'json',
      '{"crons": [\n  {"uid": "a"',
      [
        '2:14 value: got an end at line 2, column 14, wanted a JSON object. Close what is open: } ] } is missing.',
      ],
    ],
    [
      'nothing at all in JSON',
      'json',
      ' ',
      [
        '1:1 value: got nothing, wanted a JSON object. Write an object such as {"name": "heartbeat", "periodicity": "@hourly"}.',
      ],
    ],
    [
      'a key twice in JSON',
      'json',
      '{"crons": [],\n "crons": []}',
      [
        '2:2 value: got "\\"crons\\": []}", wanted JSON. Take one of the two away: a key stands once in its object. (Map keys must be unique.)',
      ],
    ],
    [
      'an object that should be a dump of collective.cron',
      'collective',
      '{"crons": []}',
      [
        '1:1 value: got an object, wanted a list of crons. Take what Crontab.dump() gives, or name the format that it is in with --format.',
      ],
    ],
    [
      'a dump that is cut off',
      'collective',
      '[{"uid"',
      [
        '1:8 value: got an end at line 1, column 8, wanted a JSON object. Close what is open: } ] is missing.',
      ],
    ],
    [
      'truncated XML',
      'xml',
      '<crons>\n  <cron uid="a"',
      [
        '2:16 value: got text that is not well-formed, wanted XML. Mend it there, or above it. (Unclosed start tag for element `cron`.)',
      ],
    ],
    [
      'a doctype',
      'xml',
      '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE crons [<!ENTITY a "b">]>\n<crons/>',
      [
        '3:1 value: got a DOCTYPE, wanted none, and no entities of its own. Take it away, and write out what its entities stand for.',
      ],
    ],
    [
      'an entity of its own',
      'xml',
      '<crons>&lol;</crons>',
      [
        "1:8 value: got text that is not well-formed, wanted XML. Mend it there, or above it. (Named entity isn't defined: &lol;.)",
      ],
    ],
    [
      'another encoding in XML',
      'xml',
      '<?xml version="1.0" encoding="ISO-8859-1"?><crons/>',
      ['1:1 value: got the encoding "ISO-8859-1", wanted UTF-8. Save the file as UTF-8, and say so.'],
    ],
    [
      'no XML at all',
      'xml',
      'crons',
      [
        '1:1 value: got text that is not well-formed, wanted XML. Mend it there, or above it. (Root element is missing or invalid.)',
      ],
    ],
    [
      'a line that is cut off in a crontab',
      'crontab',
      '@daily true\n0 3 * *',
      [
        '2:1 value: got "0 3 * *", wanted five fields or a nickname and then a command, NAME=value, or a comment. Complete the line, or put "#" before it.',
      ],
    ],
    [
      'comments for cloudtab that are no JSON, or have no line',
      'crontab',
      '# cloudtab: uid=a\n# cloudtab:\n# cloudtab: {"uid":"b"}\n# cloudtab: {"uid":"c"}\n@daily true\n# cloudtab: {}\n',
      [
        '1:13 value: got text, wanted a JSON object such as {"uid": "nightly"}. Mend the JSON, or write the comment without "cloudtab:".',
        '2:12 value: got nothing, wanted a JSON object such as {"uid": "nightly"}. Mend the JSON, or write the comment without "cloudtab:".',
        '3:13 value: got a "# cloudtab:" comment without a line for it, wanted the line of the cron below it. Put it right above its cron, or take it away.',
        '6:13 value: got a "# cloudtab:" comment without a line for it, wanted the line of the cron below it. Put it right above its cron, or take it away.',
      ],
    ],
  ])('is refused with its place: %s', (_, format, text, problems) => {
    expect(told(text, format)).toEqual(problems);
  });

  it('is refused when its aliases unfold to far more than was written', () => {
    const lines = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (const [index, name] of [...'bcdefghi'].entries()) {
      lines.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`);
    }
    expect(told(lines.join('\n'), 'yaml')).toEqual([
      '1:1 value: got aliases that unfold to far more than was written, wanted an alias used at most 100 times. Write out what the aliases stand for.',
    ]);
  });

  it.each<[Format, string, RegExp]>([
    ['xml', `<crons>\n${'<cron>'.repeat(20_000)}${'</cron>'.repeat(20_000)}</crons>`, /^2:595 value: /],
    ['xml', `<crons>\n${'<cron name="/>" >'.repeat(20_000)}`, /^2:1684 value: /],
    ['yaml', `crons:\n${'- '.repeat(20_000)}`, /^2:\d{3,} value: /],
    ['yaml', `crons:\n ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /^2:\d{3,} value: /],
    ['json', `{"crons":\n${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}}`, /^2:\d{3,} value: /],
    ['collective', `[\n${'['.repeat(20_000)}${']'.repeat(20_000)}]`, /^2:\d{3,} value: /],
  ])('is refused when it is nested 20,000 deep: %s', (format, text, place) => {
    const [problem = '', ...others] = told(text, format);
    expect(problem).toMatch(place);
    expect(problem.replace(/^\S+ /, '')).toBe(
      'value: got so many levels in each other that they cannot be read, wanted the few that a profile has. Is this the right file? Make it flatter.',
    );
    expect(others).toEqual([]);
  });

  it.each<[string, string]>([
    ['attributes', '<cron uid="a" name="a>b" user=\'"\' remove="true"/>'],
    ['comments', '<!-- <cron> -->'],
    ['sections', '<cron uid="a" remove="true"><environ><![CDATA[{"a":"<cron>"}]]></environ></cron>'],
    ['instructions', '<?php <cron> ?>'],
    ['self-closing elements', '<cron uid="a" remove="true" />'],
  ])('is not taken for deep by its many %s', (_, one) => {
    const { profile } = readProfile(`<crons>${one.repeat(300)}</crons>`, { format: 'xml' });
    expect(profile).toBeDefined();
  });

  it.each(['<crons><!-- ', '<crons><![CDATA[', '<crons><cron a="'])(
    'has the end told that is missing: %s',
    (text) => {
      expect(told(text, 'xml')).toEqual([expect.stringContaining('got text that is not well-formed')]);
    },
  );

  it('is told in full, up to 25 lines of YAML that cannot be read', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `k${index}: @x`).join('\n');
    expect(told(lines, 'yaml')).toHaveLength(25);
  });

  it.each<[Format, string, string]>([
    ['yaml', 'crons:\n  - uid: a\n    periodicity: "@daily"\n    name: x\n  - uid: a\n    name: y\n', '5:5'],
    ['json', '{"crons": [{"uid": "a"},\n{"uid": "a"}]}', '2:2'],
    ['xml', '<crons><cron uid="a"/>\n <cron name="x" uid="a"/></crons>', '2:17'],
    ['crontab', '# cloudtab: {"uid":"a"}\n@daily true\n# cloudtab: {"uid":"a"}\n@daily false\n', '4:1'],
    ['collective', '[{"uid": "a"},\n {"uid": "a"}]', '2:3'],
  ])('is refused when it has a uid twice: %s', (format, text, place) => {
    expect(told(text, format)).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${place} a: uid: got "a" a second time, wanted a uid that no element before it has: line \\d has it\\.`,
        ),
      ),
    ]);
  });
});

describe('a profile that is read but not valid', () => {
  it('has all its problems told at their places, in the order of the file', () => {
    const text = [
      'crontab:',
      '  timezone: Europe/Pari',
      '  colour: red',
      'crons:',
      '  - uid: a',
      '    nam: http',
      '    periodicity: "61 * * * *"',
      '    environ:',
      '      deep:',
      '        $secret: "a b"',
      '  - name: heartbeat',
      '  - just text',
      '  - uid: b',
      '    remove: maybe',
      '    timeout: 2 weeks',
    ].join('\n');
    expect(told(text, 'yaml').map((line) => line.split(', wanted')[0])).toEqual([
      '2:3 timezone: got "Europe/Pari"',
      '3:3 colour: got an unknown key',
      '6:5 a: nam: got an unknown key',
      '7:5 a: periodicity: got "61" as minute',
      '10:9 a: environ.deep.$secret: got text that is no name',
      '11:5 uid: got nothing',
      '12:5 crons: got text',
      '14:5 b: remove: got "maybe"',
      '15:5 b: timeout: got "2 weeks"',
    ]);
  });

  it('has problems told that others do not hide: a key at the top, a broken element, a uid twice', () => {
    const text = 'cron: 1\ncrontab: 3\ncrons:\n  - uid: a\n    timeout: never\n  - uid: a\n  - 7\n';
    expect(told(text, 'yaml').map((line) => line.split(', wanted')[0])).toEqual([
      '1:1 cron: got an unknown key',
      '2:1 crontab: got 3',
      '5:5 a: timeout: got "never"',
      '6:5 a: uid: got "a" a second time',
      '7:5 crons: got a number',
    ]);
    const lines = '0 3 * *\n# cloudtab: {"uid":"a"}\n0 24 * * * x\n# cloudtab: {"uid":"a"}\n@daily x\n';
    expect(told(lines, 'crontab').map((line) => line.split(', wanted')[0])).toEqual([
      '1:1 value: got "0 3 * *"',
      '3:1 a: periodicity: got "24" as hour',
      '5:1 a: uid: got "a" a second time',
    ]);
  });

  it.each<[string, string, string]>([
    ['a list', '- uid: a', '1:1 value: got a list'],
    ['an unknown key', 'crontabs: {}', '1:1 crontabs: got an unknown key'],
    ['crons that are no list', 'crons: {a: 1}', '1:1 crons: got {"a":1}'],
    ['settings that are no object', 'crontab: 3', '1:1 crontab: got 3'],
  ])('may have a top that is %s', (_, text, problem) => {
    expect(told(text, 'yaml').map((line) => line.split(', wanted')[0])).toEqual([problem]);
  });

  it('has the problems of XML at the attribute, the element or the text', () => {
    const text = [
      '<crons>',
      '  <cron uid="a" nme="x" periodicity="@never">',
      '    <environ>{"a": </environ>',
      '    <environ>{}</environ>',
      '    text',
      '  </cron>',
      '  <job/>',
      '  <cron uid="b" activated="perhaps" logsLimit="many"/>',
      '</crons>',
    ].join('\n');
    expect(told(text, 'xml').map((line) => line.split(', wanted')[0])).toEqual([
      '2:17 a: nme: got an unknown attribute',
      '2:25 a: periodicity: got "@never"',
      '3:5 a: environ: got an end at line 1, column 6 of its JSON',
      '4:5 a: environ: got a second <environ>',
      '5:5 cron: got text',
      '7:3 crons: got <job>',
      '8:17 b: activated: got "perhaps"',
      '8:37 b: logsLimit: got "many"',
    ]);
    const shaped = '<crons>\n  <cron uid="b" name="uid=x"\n   activated="perhaps" logsLimit="many"/></crons>';
    expect(told(shaped, 'xml').map((line) => line.split(', wanted')[0])).toEqual([
      '3:4 b: activated: got "perhaps"',
      '3:24 b: logsLimit: got "many"',
    ]);
    expect(told('<cron uid="a"/>', 'xml')).toEqual([
      '1:1 value: got <cron>, wanted <crons> around everything. Put the crons into <crons>…</crons>.',
    ]);
  });

  it('has cures that fit how the file is written', () => {
    const text = [
      'crontab: {readOnly: no, activated: perhaps}',
      'crons:',
      '  - {uid: 1, activated: yes, user: 1000}',
      '  - {uid: b, activated: "false", remove: on}',
    ].join('\n');
    expect(told(text, 'yaml').map((line) => line.replace(/, wanted .*?\. (?=Write|Put)/, '. '))).toEqual([
      '1:11 readOnly: got "no". Write false.',
      '1:25 activated: got "perhaps". Write true or false, or leave it out for true.',
      '3:6 uid: got 1. Put it into quotes, so that it is text.',
      '3:14 activated: got "yes". Write true.',
      '3:30 user: got 1000. Put it into quotes, so that it is text.',
      '4:14 b: activated: got "false". Write false without quotes.',
      '4:34 b: remove: got "on". Write true.',
    ]);
  });

  it('has a comment told that stands where the commented line of a cron is wanted', () => {
    const off = '# cloudtab: {"uid":"a","activated":false}\n';
    expect(told(`${off}# note\n# @daily heartbeat {}\n`, 'crontab')).toEqual([
      '2:1 value: got "# note", wanted the line of the cron, commented out: the "# cloudtab:" above it says that it is not activated. Complete the line; if it is only a comment, put it above that "# cloudtab:".',
    ]);
    for (const note of ['# see also the page of the admin', '# A=1']) {
      expect(told(`${off}${note}\n#@daily heartbeat {}\n`, 'crontab')).toHaveLength(1);
    }
    for (const empty of ['', '#\n', '##### \n', '\n']) {
      const { profile } = readProfile(`${off}${empty}# H 3 * * * heartbeat {}\n`, { format: 'crontab' });
      expect(profile?.elements).toMatchObject([{ uid: 'a', given: { activated: false } }]);
    }
  });

  it('has the problems of a crontab at the line, and of its command at the command', () => {
    const text = '0 24 * * * true\n@daily   lambda:x {"a":{"$secret":1}}\n';
    expect(told(text, 'crontab').map((line) => line.replace(/, wanted.*/, ''))).toEqual([
      expect.stringMatching(/^1:1 true-\w{6}: periodicity: got "24" as hour$/),
      expect.stringMatching(/^2:10 lambda-x-\w{6}: environ\.a\.\$secret: got a number$/),
    ]);
  });
});
