// cspell:ignore bcdefghi Pari
import { describe, expect, it } from 'vitest';
import { FORMATS, type Format } from '../../../lib/app/profiles/format-names.ts';
import { readProfile } from '../../../lib/app/profiles/formats.ts';
import type { ProfileProblem } from '../../../lib/app/profiles/source-position.ts';
import { MAX_PROFILE_BYTES } from '../../../lib/app/profiles/text.ts';
import { TOO_DEEP } from '../../../lib/app/profiles/validate.ts';
import { placedText, placeText } from './support.ts';

/** The problems of a file that is no valid profile. */
function problemsOf(file: string | Uint8Array, format: Format): readonly ProfileProblem[] {
  const { profile, problems } = readProfile(file, { format });
  expect(profile).toBeUndefined();
  return problems;
}

/** The whole messages of its problems, each with its position. */
const messages = (file: string | Uint8Array, format: Format) => problemsOf(file, format).map(placedText);

/** The positions and fields of its problems. */
const places = (file: string | Uint8Array, format: Format) => problemsOf(file, format).map(placeText);

/** The positions and fields of its problems, each with the value that was found there. */
const findings = (file: string | Uint8Array, format: Format) =>
  problemsOf(file, format).map((problem) => `${placeText(problem)} ${problem.got}`);

const latin1 = new Uint8Array([...Buffer.from('# one\n# caf'), 0xe9, 0x0a]);
const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('crons: []', 'utf16le')]);

describe('a file that is no text of a reasonable size', () => {
  it('A file of 10 MB, in another encoding or with a zero byte is rejected with the fix', () => {
    expect(messages('x'.repeat(10 * 1024 * 1024), 'yaml')).toEqual([
      `1:1 value: got 10485760 bytes, wanted at most ${MAX_PROFILE_BYTES} bytes. Is this the right file? You can split a profile and apply each part separately.`,
    ]);
    expect(messages(latin1, 'yaml')).toEqual([
      '2:6 value: got bytes that are not UTF-8, wanted text in UTF-8. Save the file as UTF-8.',
    ]);
    expect(messages(utf16, 'yaml')).toEqual([
      '1:1 value: got text in UTF-16, wanted text in UTF-8. Save the file as UTF-8.',
    ]);
    expect(messages('ab\0c', 'yaml')).toEqual([
      '1:3 value: got a zero byte, wanted text in UTF-8. Name a text file; is this one compressed or binary?',
    ]);
  });

  it.each(FORMATS)('A file of 10 MB is rejected as %s', (format) => {
    expect(findings('x'.repeat(10 * 1024 * 1024), format)).toEqual(['1:1 value 10485760 bytes']);
    expect(MAX_PROFILE_BYTES).toBe(4 * 1024 * 1024);
  });

  it.each(FORMATS)(
    'A file that is not UTF-8 is rejected as %s, at the position of the first such byte',
    (format) => {
      expect(findings(latin1, format)).toEqual([expect.stringMatching(/^2:6 value .*\bUTF-8/)]);
      expect(findings(utf16, format)).toEqual([expect.stringMatching(/^1:1 value .*\bUTF-16/)]);
      expect(findings('ab\0c', format)).toEqual([expect.stringMatching(/^1:3 value .*\bzero\b/)]);
    },
  );
});

describe('a malformed file', () => {
  it.each<[string, Format, string, string[]]>([
    [
      'truncated YAML',
      'yaml',
      'crons:\n  - uid: "a\n',
      ['3:1 value: got an end, wanted YAML. Fix it there, or above it. (Missing closing "quote.)'],
    ],
    [
      'an asterisk without quotes in YAML',
      'yaml',
      'crons:\n  - uid: a\n    periodicity: */5 * * * *\n',
      [
        '3:22 value: got "periodicity: */5 * * * *", wanted YAML. Put it into quotes: "*" and "@" have a special meaning at the start of text. (Unexpected alias at node end.)',
      ],
    ],
    [
      'an alias without an anchor',
      'yaml',
      'crons: *all',
      [
        '1:1 value: got an alias without an anchor, wanted YAML. Put it into quotes: "*" has a special meaning at the start of text. (Unresolved alias (the anchor must be set before the alias): all.)',
      ],
    ],
    [
      'two YAML documents',
      'yaml',
      'crons: []\n---\ncrons: []\n',
      [
        '2:1 value: got "---", wanted YAML. Keep one document: remove the line "---" and the text below it. (Source contains multiple documents; please use YAML.parseAllDocuments().)',
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
      'a duplicate key in YAML',
      'yaml',
      'crons: []\ncrons: []\n',
      [
        '2:1 value: got the key "crons" a second time, wanted each key of an object once. Remove one of the two.',
      ],
    ],
    [
      'a tag in YAML',
      'yaml',
      'crons:\n  - uid: !!binary aGk=\n',
      [
        '2:10 value: got "- uid: !!binary aGk=", wanted YAML. Remove the tag: a profile contains plain text, numbers, true, false, lists and objects. (Unresolved tag: tag:yaml.org,2002:binary.)',
      ],
    ],
    [
      'truncated XML',
      'xml',
      '<crons>\n  <cron uid="a"',
      [
        '2:16 value: got text that is not well-formed, wanted XML. Fix it there, or above it. (Unclosed start tag for element `cron`.)',
      ],
    ],
    [
      'a DOCTYPE',
      'xml',
      '<?xml version="1.0"?>\n<!-- x -->\n<!DOCTYPE crons [<!ENTITY a "b">]>\n<crons/>',
      [
        '3:1 value: got a DOCTYPE, wanted no DOCTYPE and no custom entities. Remove it, and replace its entities by their text.',
      ],
    ],
    [
      'another encoding in XML',
      'xml',
      '<?xml version="1.0" encoding="ISO-8859-1"?><crons/>',
      [
        '1:1 value: got the encoding "ISO-8859-1", wanted UTF-8. Save the file as UTF-8, and declare that encoding.',
      ],
    ],
    [
      'another root element in XML',
      'xml',
      '<cron uid="a"/>',
      ['1:1 value: got <cron>, wanted <crons> as the root element. Put the crons into <crons>…</crons>.'],
    ],
    [
      'an incomplete line in a crontab',
      'crontab',
      '@daily true\n0 3 * *',
      [
        '2:1 value: got "0 3 * *", wanted five fields or a nickname and then a command, NAME=value, or a comment. Complete the line, or put "#" before it.',
      ],
    ],
    [
      'a comment for cloudtab without JSON',
      'crontab',
      '# cloudtab: uid=a\n',
      [
        '1:13 value: got text, wanted a JSON object such as {"uid": "nightly"}. Fix the JSON, or write the comment without "cloudtab:".',
      ],
    ],
    [
      'a comment for cloudtab without a line below it',
      'crontab',
      '# cloudtab: {}\n',
      [
        '1:13 value: got a "# cloudtab:" comment without a cron below it, wanted the line of its cron below it. Move the comment directly above its cron, or remove it.',
      ],
    ],
    [
      'a duplicate uid',
      'yaml',
      'crons:\n  - uid: a\n    periodicity: "@daily"\n    name: x\n  - uid: a\n    name: y\n',
      [
        '5:5 a: uid: got "a" a second time, wanted a uid that no element before it has: line 2 has it. Give it another uid, or merge the two elements.',
      ],
    ],
  ])('A file with %s is rejected with its position and the fix', (_, format, text, problems) => {
    expect(messages(text, format)).toEqual(problems);
  });

  it.each<[string, Format, string, RegExp]>([
    [
      'a nickname without quotes in YAML',
      'yaml',
      'crons:\n  - uid: a\n    periodicity: @daily\n',
      /^3:18 value: got "periodicity: @daily".*\(Plain value cannot start with reserved character @\.\)$/,
    ],
    ['truncated JSON', 'json', '{"crons": [\n  {"uid": "a"', /^2:14 value: .* line 2, column 14,.*: } \] } /],
    ['nothing at all in JSON', 'json', ' ', /^1:1 value: got nothing,/],
    [
      'a duplicate key in JSON',
      'json',
      '{"crons": [],\n "crons": []}',
      /^2:2 value: got the key "crons" a second time, wanted each key of an object once\. Remove one of the two\.$/,
    ],
    [
      'a custom entity in XML',
      'xml',
      '<crons>&lol;</crons>',
      /^1:8 value: .*\(Named entity isn't defined: &lol;\.\)$/,
    ],
    ['text instead of XML', 'xml', 'crons', /^1:1 value: .*\(Root element is missing or invalid\.\)$/],
  ])('A file with %s is rejected with its position and the reason', (_, format, text, problem) => {
    expect(messages(text, format)).toEqual([expect.stringMatching(problem)]);
  });

  it('Every comment for cloudtab without JSON or without a line is reported', () => {
    const text =
      '# cloudtab: uid=a\n# cloudtab:\n# cloudtab: {"uid":"b"}\n# cloudtab: {"uid":"c"}\n@daily true\n# cloudtab: {}\n';
    expect(places(text, 'crontab')).toEqual(['1:13 value', '2:12 value', '3:13 value', '6:13 value']);
  });

  it('YAML whose aliases expand to far more than the file is rejected', () => {
    const lines = ['a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]'];
    for (const [index, name] of [...'bcdefghi'].entries()) {
      lines.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[index]}`).join(', ')}]`);
    }
    expect(messages(lines.join('\n'), 'yaml')).toEqual([
      '1:1 value: got aliases that expand to far more than the file, wanted an alias used at most 100 times. Replace the aliases by their values.',
    ]);
  });

  it.each<[string, Format, string, RegExp]>([
    ['XML', 'xml', `<crons>\n${'<cron>'.repeat(20_000)}${'</cron>'.repeat(20_000)}</crons>`, /^2:595 /],
    ['XML with open tags', 'xml', `<crons>\n${'<cron name="/>" >'.repeat(20_000)}`, /^2:1684 /],
    ['YAML in blocks', 'yaml', `crons:\n${'- '.repeat(20_000)}`, /^2:\d{3,} /],
    ['YAML in brackets', 'yaml', `crons:\n ${'['.repeat(20_000)}${']'.repeat(20_000)}`, /^2:\d{3,} /],
    ['JSON', 'json', `{"crons":\n${'[{"a":'.repeat(20_000)}1${'}]'.repeat(20_000)}}`, /^2:\d{3,} /],
  ])('%s that is nested 20,000 levels deep is rejected', (_, format, text, place) => {
    const [problem, ...others] = problemsOf(text, format);
    expect(problem).toMatchObject(TOO_DEEP);
    expect(placeText(problem as ProfileProblem)).toMatch(place);
    expect(others).toEqual([]);
  });

  it.each<[string, string]>([
    ['attributes', '<cron uid="a" name="a>b" user=\'"\' remove="true"/>'],
    ['comments', '<!-- <cron> -->'],
    ['CDATA sections', '<cron uid="a" remove="true"><environ><![CDATA[{"a":"<cron>"}]]></environ></cron>'],
    ['processing instructions', '<?php <cron> ?>'],
    ['self-closing elements', '<cron uid="a" remove="true" />'],
  ])('XML with many %s does not count as deeply nested', (_, one) => {
    const { profile } = readProfile(`<crons>${one.repeat(300)}</crons>`, { format: 'xml' });
    expect(profile).toBeDefined();
  });

  it.each(['<crons><!-- ', '<crons><![CDATA[', '<crons><cron a="'])(
    'XML without the end of its markup is rejected: %s',
    (text) => {
      const [problem, ...others] = problemsOf(text, 'xml');
      expect(problem).toMatchObject({ where: 'value', wanted: 'XML' });
      expect(others).toEqual([]);
    },
  );

  it('At most 25 lines of YAML that cannot be read are reported', () => {
    const lines = Array.from({ length: 40 }, (_, index) => `k${index}: @x`).join('\n');
    expect(problemsOf(lines, 'yaml')).toHaveLength(25);
  });

  it.each<[Format, string, string]>([
    ['json', '{"crons": [{"uid": "a"},\n{"uid": "a"}]}', '2:2'],
    ['xml', '<crons><cron uid="a"/>\n <cron name="x" uid="a"/></crons>', '2:17'],
    ['crontab', '# cloudtab: {"uid":"a"}\n@daily true\n# cloudtab: {"uid":"a"}\n@daily false\n', '4:1'],
  ])('A duplicate uid in %s is rejected at the position of the second', (format, text, place) => {
    expect(problemsOf(text, format)).toMatchObject([{ wanted: expect.stringMatching(/\bline 1|\bline 2/) }]);
    expect(places(text, format)).toEqual([`${place} a: uid`]);
  });
});

describe('a profile that can be read but is not valid', () => {
  it('All problems of a file are reported at their positions, in the order of the file', () => {
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
    expect(places(text, 'yaml')).toEqual([
      '2:3 timezone',
      '3:3 colour',
      '6:5 a: nam',
      '7:5 a: periodicity',
      '10:9 a: environ.deep.$secret',
      '11:5 uid',
      '12:5 crons',
      '14:5 b: remove',
      '15:5 b: timeout',
    ]);
  });

  it('An unknown key at the top, an invalid element and a duplicate uid do not hide other problems', () => {
    const text = 'cron: 1\ncrontab: 3\ncrons:\n  - uid: a\n    timeout: never\n  - uid: a\n  - 7\n';
    expect(places(text, 'yaml')).toEqual([
      '1:1 cron',
      '2:1 crontab',
      '5:5 a: timeout',
      '6:5 a: uid',
      '7:5 crons',
    ]);
    const lines = '0 3 * *\n# cloudtab: {"uid":"a"}\n0 24 * * * x\n# cloudtab: {"uid":"a"}\n@daily x\n';
    expect(places(lines, 'crontab')).toEqual(['1:1 value', '3:1 a: periodicity', '5:1 a: uid']);
  });

  it.each<[string, Format, string, string]>([
    ['a list', 'yaml', '- uid: a', '1:1 value a list'],
    ['a list in JSON', 'json', '[{"uid": "a"}]', '1:1 value a list'],
    ['an object with an unknown key', 'yaml', 'crontabs: {}', '1:1 crontabs an unknown key'],
    ['an object whose crons are no list', 'yaml', 'crons: {a: 1}', '1:1 crons {"a":1}'],
    ['an object whose settings are no object', 'yaml', 'crontab: 3', '1:1 crontab 3'],
  ])('A profile that is %s is rejected', (_, format, text, finding) => {
    expect(findings(text, format)).toEqual([finding]);
  });

  it('The problems of XML are reported at the attribute, the element or the text', () => {
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
    expect(findings(text, 'xml')).toEqual([
      '2:17 a: nme an unknown attribute',
      '2:25 a: periodicity "@never"',
      '3:5 a: environ an end at line 1, column 6 of its JSON',
      '4:5 a: environ a second <environ>',
      '5:5 cron text',
      '7:3 crons <job>',
      '8:17 b: activated "perhaps"',
      '8:37 b: logsLimit "many"',
    ]);
    const shaped = '<crons>\n  <cron uid="b" name="uid=x"\n   activated="perhaps" logsLimit="many"/></crons>';
    expect(places(shaped, 'xml')).toEqual(['3:4 b: activated', '3:24 b: logsLimit']);
  });

  it('The fix of a problem fits the notation of the file', () => {
    const text = [
      'crontab: {readOnly: no, activated: perhaps}',
      'crons:',
      '  - {uid: 1, activated: yes, user: 1000}',
      '  - {uid: b, activated: "false", remove: on}',
    ].join('\n');
    expect(problemsOf(text, 'yaml').map((problem) => `${placeText(problem)}: ${problem.fix}`)).toEqual([
      '1:11 readOnly: Write false.',
      '1:25 activated: Write true or false, or leave it out for true.',
      '3:6 uid: Put it into quotes, so that it is text.',
      '3:14 activated: Write true.',
      '3:30 user: Put it into quotes, so that it is text.',
      '4:14 b: activated: Write false without quotes.',
      '4:34 b: remove: Write true.',
    ]);
  });

  it('The problems of a crontab are reported at the line, and those of its command at the command', () => {
    const text = '0 24 * * * true\n@daily   lambda:x {"a":{"$secret":1}}\n';
    expect(places(text, 'crontab')).toEqual([
      expect.stringMatching(/^1:1 true-\w{6}: periodicity$/),
      expect.stringMatching(/^2:10 lambda-x-\w{6}: environ\.a\.\$secret$/),
    ]);
  });
});
