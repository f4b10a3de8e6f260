import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { environProblems } from '../../lib/domain/environ.ts';
import * as errors from '../../lib/domain/errors.ts';
import { kindOf, parseJson } from '../../lib/domain/json-text.ts';
import { parameterName, parseParameterName, parseTimerName, timerName } from '../../lib/domain/names.ts';
import { nearest } from '../../lib/domain/nearest.ts';
import { prefixed, problemText, readable, shown } from '../../lib/domain/problem.ts';
import { sameJson } from '../../lib/domain/same-json.ts';
import { isTimeZone, timeZone } from '../../lib/domain/time-zone.ts';
import { zoneProblems } from '../../lib/domain/zone-problem.ts';

function messageOf(call: () => unknown): string {
  try {
    return JSON.stringify(call());
  } catch (error) {
    if (error instanceof errors.InvalidError) return error.message;
    throw error;
  }
}

describe('Text that is not JSON is told', () => {
  const mend = 'Mend it there: keys and text stand in double quotes, and a comma stands between two entries.';
  const write = 'Write an object such as {"name": "heartbeat", "periodicity": "@hourly"}.';
  const bad = (place: string) => `something that is not JSON at ${place}`;
  test.each([
    ['', 'nothing', write],
    [' \n', 'nothing', write],
    ['name: x', bad('line 1, column 1'), mend],
    ['{"a": 1,\n  "b": 2,\n}', bad('line 3, column 1'), 'Take away the comma before it.'],
    ['{"a": [1, ]}', bad('line 1, column 11'), 'Take away the comma before it.'],
    ["{'a': 1}", bad('line 1, column 2'), 'Use double quotes.'],
    ['{"a": 1 // one\n}', bad('line 1, column 9'), 'Take away the comment: JSON has none.'],
    ['{"a": 1 # one\n}', bad('line 1, column 9'), 'Take away the comment: JSON has none.'],
    ['{"a": {"b": [1', 'an end at line 1, column 15', 'Close what is open: ] } } is missing.'],
    ['[1, 2, [], {}, x', bad('line 1, column 16'), mend],
    ['{"a": [', 'an end at line 1, column 8', 'Close what is open: ] } is missing.'],
    ['{"a": 1 "b": 2}', bad('line 1, column 9'), mend],
    ['{"a" 1}', bad('line 1, column 6'), mend],
    ['{"a": tru}', bad('line 1, column 7'), mend],
    ['{"a": }', bad('line 1, column 7'), mend],
    ['{"a": 01}', bad('line 1, column 8'), mend],
    ['{"a": "\n"}', bad('line 1, column 7'), mend],
    ['{"a": "\\x"}', bad('line 1, column 7'), mend],
    ['{1: 2}', bad('line 1, column 2'), mend],
    ['[1}', bad('line 1, column 3'), mend],
    ['5 x', bad('line 1, column 3'), mend],
    ['{} {}', bad('line 1, column 4'), mend],
    ['{"a": [], "b": {}, "c": [[]]', 'an end at line 1, column 29', 'Close what is open: } is missing.'],
  ])('%j', (text, got, cure) => {
    expect(messageOf(() => parseJson(text))).toBe(`value: got ${got}, wanted a JSON object. ${cure}`);
  });

  it('at the first place that no JSON could have', () => {
    // Whatever is cut off, the fault lies at the end, or in the text that the end cuts.
    fc.assert(
      fc.property(fc.json(), fc.nat(), (json, length) => {
        const cut = JSON.stringify({ json: JSON.parse(json) }).slice(0, -1 - (length % json.length));
        const message = messageOf(() => parseJson(cut));
        expect(message).toContain(' at line 1, column ');
        const column = Number(/column (\d+)/.exec(message)?.[1]);
        expect(column).toBeGreaterThan(0);
        expect(column).toBeLessThanOrEqual(cut.length + 1);
      }),
    );
  });

  it('and JSON is read', () => {
    expect(parseJson('{"a": [1, "é\\u00e9", null]}')).toEqual({ a: [1, 'éé', null] });
  });

  test.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [[], 'a list'],
    ['', 'empty text'],
    ['x', 'text'],
    [{}, 'an object'],
    [1, 'a number'],
    [true, 'a boolean'],
  ])('a value such as %j has a kind: %s', (value, kind) => {
    expect(kindOf(value)).toBe(kind);
  });
});

describe('An environ', () => {
  const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

  test.each([
    [{}],
    [{ a: [1, 'x', null, true, { b: {} }] }],
    [{ token: { $secret: 'api.token_1-x' }, list: [{ $secret: 'b' }] }],
    [Object.assign(Object.create(null), { a: 1 })],
    [{ a: deep(14) }],
  ])('may be %j', (environ) => {
    expect(environProblems(environ)).toEqual([]);
  });

  const object = 'wanted a JSON object. Write an object, such as {"url": "https://…"}.';
  const known = 'wanted a value that JSON knows. Write text, a number, true, false or null.';
  const name =
    'wanted the name of a secret: 1 to 64 letters, digits, "_", "." and "-". Write the name under which the secret is kept, never the secret itself.';
  test.each([
    ['text', 'x', [`environ: got text, ${object}`]],
    ['a list', [], [`environ: got a list, ${object}`]],
    ['a date', new Date(0), [`environ: got an object, ${object}`]],
    ['a secret', { $secret: 'x' }, [`environ: got an object, ${object}`]],
    [
      'of what JSON lacks',
      { a: [Number.NaN, undefined], b: new Date(0) },
      [
        `environ.a.0: got a number, ${known}`,
        `environ.a.1: got nothing, ${known}`,
        `environ.b: got an object, ${known}`,
      ],
    ],
    [
      'with a secret itself',
      { a: { $secret: 'p4ss word' } },
      [`environ.a.$secret: got text that is no name, ${name}`],
    ],
    ['with a secret of no name', { a: { $secret: '' } }, [`environ.a.$secret: got empty text, ${name}`]],
    [
      'with a secret of another kind',
      { a: [{ $secret: 5, x: 1 }] },
      [
        `environ.a.0.$secret: got a number, ${name}`,
        'environ.a.0: got more keys beside "$secret", wanted {"$secret": "name"}. Leave "$secret" alone in its object.',
      ],
    ],
    [
      'with a reserved name',
      JSON.parse('{"a": {"__proto__": {}}}'),
      ['environ.a.__proto__: got a reserved name, wanted any other name. Rename it.'],
    ],
    [
      'too deep',
      { a: { b: { c: { d: deep(20) } } } },
      ['environ.a.b.c: got more levels, wanted at most 16 levels of lists and objects. Make it flatter.'],
    ],
  ])('may not be %s', (_, environ, expected) => {
    expect(environProblems(environ).map(problemText)).toEqual(expected);
  });
});

describe('A time zone', () => {
  test.each(['UTC', 'Europe/Paris', 'America/Argentina/Buenos_Aires', 'US/Eastern', 'Etc/GMT-2'])(
    'may be %s',
    (name) => {
      expect(isTimeZone(name)).toBe(true);
      expect(zoneProblems(name)).toEqual([]);
    },
  );

  const offset = 'An offset knows no daylight saving: name a place instead.';
  test.each([
    ['+02:00', offset],
    ['UTC+2', offset],
    ['-0500', offset],
    ['paris', 'Did you mean "Europe/Paris"?'],
    ['New York', 'Did you mean "America/New_York"?'],
    ['Europe/Pris', 'Did you mean "Europe/Paris"?'],
    ['', 'Write it as continent/city.'],
    ['Mars/Olympus', 'Write it as continent/city.'],
  ])('may not be %j', (name, cure) => {
    expect(isTimeZone(name)).toBe(false);
    expect(zoneProblems(name).map(problemText)).toEqual([
      `timezone: got ${JSON.stringify(name)}, wanted the name of a time zone, such as "Europe/Paris" or "UTC". ${cure}`,
    ]);
  });

  it('stays right when more days were asked for than it remembers', () => {
    const zone = timeZone('Europe/Paris');
    const day = Date.UTC(2027, 2, 28) / 86_400_000;
    const [before, after] = zone.stretchesOf(day);
    expect([before?.offset, after?.offset, after?.start]).toEqual([
      3_600_000,
      7_200_000,
      Date.UTC(2027, 2, 28, 1),
    ]);
    for (let other = 0; other < 5000; other++) zone.stretchesOf(other);
    expect(zone.stretchesOf(day)).toEqual([before, after]);
  });
});

describe('Names', () => {
  const site = fc.stringMatching(/^[a-z0-9-]{1,16}$/);
  const uid = fc.stringMatching(/^[A-Za-z0-9_-]{1,36}$/);

  it('of timers fit 64 characters and lead back to their timer', () => {
    fc.assert(
      fc.property(site, uid, fc.nat({ max: 9_999_999_999 }), (itsSite, itsUid, seconds) => {
        const timer = { site: itsSite, uid: itsUid, at: seconds * 1000 };
        expect(timerName(timer)).toMatch(/^[0-9a-zA-Z_.-]{1,64}$/);
        expect(parseTimerName(timerName(timer))).toEqual(timer);
      }),
    );
    for (const name of ['', 'a.b', 'a.b.c', 'A.b.1', 'a.b.1.2', 'a.b.12345678901']) {
      expect(parseTimerName(name)).toBeUndefined();
    }
  });

  it('of parameters lead back to what they are about', () => {
    fc.assert(
      fc.property(site, fc.option(uid, { nil: undefined }), (itsSite, itsUid) => {
        const key = itsUid === undefined ? { site: itsSite } : { site: itsSite, uid: itsUid };
        expect(parseParameterName('cloudtab', parameterName('cloudtab', key))).toEqual(key);
      }),
    );
    expect(parseParameterName('root', '/root/My Site/crons/a b')).toEqual({ site: 'My Site', uid: 'a b' });
    const others = [
      '',
      '/other/s/crontab',
      'x/root/s/crontab',
      '/root',
      '/root//crontab',
      '/root/s',
      '/root/s/else',
    ];
    for (const name of [
      ...others,
      '/root/s/crons',
      '/root/s/crons/',
      '/root/s/crontab/u',
      '/root/s/crons/u/v',
    ]) {
      expect(parseParameterName('root', name)).toBeUndefined();
    }
  });
});

describe('Words for problems', () => {
  it('show a value in a line', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(shown(undefined)).toBe('nothing');
    expect(shown({ a: 1 })).toBe('{"a":1}');
    expect(shown('x'.repeat(100))).toBe(`"${'x'.repeat(56)}…`);
    expect(shown(() => 1)).toBe('a function');
    expect(shown(cyclic)).toBe('something that is not JSON');
  });

  it('say in which part of a whole they are', () => {
    const problem = { where: 'name', got: 'a', wanted: 'b', cure: 'C.' };
    const places = prefixed('crons.1', [problem, { ...problem, where: 'value' }]).map(({ where }) => where);
    expect(places).toEqual(['crons.1.name', 'crons.1']);
  });

  it('are no more, and no longer, than a record holds', () => {
    const problems = Array.from({ length: 26 }, () => ({
      where: 'x'.repeat(99),
      got: 'a',
      wanted: 'b',
      cure: 'C.',
    }));
    expect(readable(problems.slice(1))).toHaveLength(25);
    expect(readable(problems)[0]?.where).toHaveLength(58);
    expect(readable(problems)[25]?.got).toBe('1 more problem');
  });

  test.each([
    ['perodicity', 'periodicity'],
    ['readonly', 'readOnly'],
    ['tiemzone', 'timezone'],
    ['usr', 'user'],
    ['nmae', 'name'],
    ['names', 'name'],
    ['mane', undefined],
    ['name', 'name'],
    ['x', undefined],
    ['something', undefined],
  ])('find what was meant by %s: %s', (word, meant) => {
    expect(nearest(word, ['name', 'user', 'timezone', 'readOnly', 'periodicity'])).toBe(meant);
  });

  it('are all in the message of an error, which is one of a family', () => {
    const problem = { where: 'name', got: '1', wanted: 'text', cure: 'Write text.' };
    const invalid = new errors.InvalidError([problem, problem]);
    expect(invalid.message).toBe(
      'name: got 1, wanted text. Write text.\nname: got 1, wanted text. Write text.',
    );
    const others = [
      errors.NotFoundError,
      errors.UnavailableError,
      errors.ConfigurationError,
      errors.CloudtabError,
    ];
    const family = [invalid, ...others.map((Kind) => new Kind('it', { cause: problem }))];
    expect(
      family.every((error) => error instanceof errors.CloudtabError && error.name.endsWith('Error')),
    ).toBe(true);
    expect(new Set(family.map(({ name }) => name)).size).toBe(family.length);
  });

  it('are what an attempt gives instead of a value; a defect passes', () => {
    const problem = { where: 'name', got: '1', wanted: 'text', cure: 'Write text.' };
    const failing = (error: Error) => () => {
      throw error;
    };
    expect(errors.attempt(() => 5)).toEqual({ value: 5, problems: [] });
    expect(errors.attempt(failing(new errors.InvalidError([problem])))).toEqual({ problems: [problem] });
    expect(() => errors.attempt(failing(new Error('defect')))).toThrow('defect');
  });
});

describe('Two JSON values', () => {
  it('are the same whatever the order of their keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).toReversed());
        expect(sameJson(value, reversed)).toBe(true);
      }),
    );
  });

  test.each([
    [1, '1'],
    [null, {}],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 2 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ a: { b: [1] } }, { a: { b: [2] } }],
  ])('are not the same: %j and %j', (one, other) => {
    expect(sameJson(one, other)).toBe(false);
    expect(sameJson(other, one)).toBe(false);
  });
});
