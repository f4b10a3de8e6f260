// cspell:ignore Nlcjpw cdef abcdexbcd quot ababc abcab
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Redactor } from '../../../lib/core/engine/redactor.ts';
import { secretForms } from '../../../lib/core/engine/secret-forms.ts';

const redact = (values: readonly string[], text: string) => new Redactor(values).redact(text);

/** The text in pieces that end at these places, through a stream. */
function streamed(values: readonly string[], text: string, cuts: readonly number[]): string {
  const stream = new Redactor(values).stream();
  let from = 0;
  let out = '';
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    out += stream.write(text.slice(from, cut));
    from = Math.max(from, cut);
  }
  return out + stream.write(text.slice(from)) + stream.end();
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('Redactor', () => {
  it.each([
    [['hunter2'], 'the key is hunter2, hunter2!', 'the key is [secret], [secret]!'],
    [['abc', 'abcdef'], 'abcdef abc', '[secret] [secret]'],
    [['abcd', 'cdef'], 'abcdef', '[secret]'],
    [['bcd', 'abcdef', 'ab'], 'abcdexbcd', '[secret]e' + 'x[secret]'],
    [['abcdefgh', 'cd', 'ef'], 'abcdefg', 'ab[secret][secret]g'],
    [['a.c'], 'abc a.c', 'abc [secret]'],
    [['a&b c'], 'x=a%26b%20c', 'x=[secret]'],
    [['a/b+c'], 'x=a%2fb%2bc', 'x=[secret]'],
    [["a b!'c"], 'x=a+b%21%27c', 'x=[secret]'],
    [['a"b\nc'], '{"x":"a\\"b\\nc"}', '{"x":"[secret]"}'],
    [['né'], '{"x":"n\\u00e9"}', '{"x":"[secret]"}'],
    [['né'], 'ne\u0301', '[secret]'],
    [['a<b>"c'], 'a&lt;b&gt;&quot;c', '[secret]'],
    [['hunter2'], 'HUNTER2', '[secret]'],
    [['hunter2'], Buffer.from('hunter2').toString('hex').toUpperCase(), '[secret]'],
    [['user:pass'], 'Basic dXNlcjpwYXNz', 'Basic [secret]'],
    [['?>?>?>?>'], Buffer.from('?>?>?>?>').toString('base64url'), '[secret]'],
    [['Bearer abcdefgh'], 'token abcdefgh', 'token [secret]'],
    [['two words'], 'only two of words', 'only two of words'],
    [
      ['{"user":"me","key":{"value":"hunter2-hunter2"},"no":[123456789]}'],
      'with hunter2-hunter2 of 123456789',
      'with [secret] of [secret]',
    ],
    [['{"hidden": "not closed'], 'it is {"hidden":', 'it is [secret]'],
    [
      ['postgres://app:hunter%2Fhunter@db.example/x'],
      'password hunter/hunter at db.example',
      'password [secret] at db.example',
    ],
    [['{"url":"postgres://app:hunter22@db.example/x"}'], 'password hunter22', 'password [secret]'],
    [['https://a.example/hook/123?key=45678'], 'no /hook/123 for key=45678', 'no [secret] for [secret]'],
    [
      ['https://a.example/?a=1&token=hunter2-hunter2'],
      'got hunter2-hunter2 at a.example',
      'got [secret] at a.example',
    ],
    [['https://a.example/%zz/not-encoded'], 'at /%zz/not-encoded', 'at [secret]'],
    [['HTTPS://A.example/longer path'], 'at https://a.example/longer%20path', 'at [secret]'],
    [['$&'], 'cost $& more', 'cost [secret] more'],
    [['secret'], 'a secret', 'a [secret]'],
    [['\u00fc\u4e2d'], 'x\u00fc\u4e2d \u00fc', 'x[secret] \u00fc'],
    [['\ud800'], 'plain', 'plain'],
    [[], 'plain', 'plain'],
    [[''], 'plain', 'plain'],
  ])('The redactor for %j turns "%s" into "%s"', (values, text, redacted) => {
    expect(redact(values, text)).toBe(redacted);
  });

  it.each(['', 'u', 'us', 'user', 'a.much.longer.name'])(
    'The secret is removed from Basic authorization with the user "%s", up to the characters that it shares',
    (user) => {
      const encoded = base64(`${user}:hunter2-hunter2`);
      const left = redact(['hunter2-hunter2'], `Basic ${encoded}`).replace('[secret]', '');
      expect(left).toMatch(/^Basic /);
      expect(left.length - 'Basic '.length).toBeLessThanOrEqual(base64(`${user}:`).length + 4);
      expect(base64(`${user}:`).slice(0, 4 * Math.floor((user.length + 1) / 3))).toBe(
        left.slice(6).slice(0, 4 * Math.floor((user.length + 1) / 3)),
      );
    },
  );

  const secret = fc.oneof(
    fc.string({ minLength: 8, maxLength: 40, unit: 'binary' }),
    fc.string({ minLength: 8, maxLength: 40, unit: 'grapheme-ascii' }),
    fc.json({ maxDepth: 2 }),
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
  );

  it('No form of a secret survives, whatever surrounds it', () => {
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.string(),
        fc.nat(),
        (values, around, which) => {
          const forms = secretForms(values);
          fc.pre(forms.length > 0);
          const form = forms[which % forms.length] as string;
          const redacted = redact(values, `${around}${form}${around}`);
          // The mark and the text around it may form a short secret together.
          const left = redacted.toLowerCase().split('[secret]');
          expect(left.length).toBeGreaterThan(1);
          for (const other of forms)
            for (const piece of left) expect(piece).not.toContain(other.toLowerCase());
        },
      ),
      { numRuns: 500 },
    );
  });

  it('A stream in pieces is redacted as the whole text is', () => {
    const text = fc.array(fc.oneof(fc.constantFrom('abab', 'ababc', 'bca', 'ab', 'c', '\n'), fc.string()), {
      maxLength: 30,
    });
    const values = fc.array(fc.constantFrom('ababc', 'abcab', 'bab', 'ca', 'abababab', 'b\nc'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(values, text, fc.array(fc.nat(200)), (secrets, pieces, cuts) => {
        expect(streamed(secrets, pieces.join(''), cuts)).toBe(redact(secrets, pieces.join('')));
      }),
      { numRuns: 1000 },
    );
  });

  it('A stream returns at once what cannot be part of a secret', () => {
    const stream = new Redactor(['hunter2']).stream();
    expect(stream.write('the hunt')).toBe('the ');
    expect(stream.write('er1, hunter')).toBe('hunter1, ');
    expect(stream.write('2.')).toBe('[secret].');
    expect(stream.write('h')).toBe('');
    expect(stream.end()).toBe('h');
  });

  it('A stream that repeats the beginning of a secret for ever keeps no more than a secret', () => {
    const stream = new Redactor(['aaaaaaaa']).stream();
    let out = '';
    for (let piece = 0; piece < 1000; piece++) out += stream.write('aaa');
    expect(out + stream.end()).toBe('[secret]');
  });

  it('The time is linear, also for texts and secrets that repeat themselves', () => {
    const hostile: readonly (readonly [string, string])[] = [
      [`${'a'.repeat(8000)}b`, 'a'],
      [`${'ab'.repeat(4000)}c`, 'ab'],
      [`${'0'.repeat(8000)}1`, '%30'],
    ];
    for (const [value, unit] of hostile) {
      const redactor = new Redactor([value]);
      const millisecondsOf = (length: number) => {
        const text = unit.repeat(length / unit.length);
        const started = performance.now();
        expect(redactor.redact(text)).toBe(text);
        return performance.now() - started;
      };
      millisecondsOf(100_000);
      // A search that goes back would take 8,000 steps for each character: minutes.
      expect(millisecondsOf(1_000_000)).toBeLessThan(2_000);
    }
  });

  it('1 MB of output with 50 secrets takes less than a quarter of a second, also on a busy machine', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    let seed = 1;
    const random = (length: number) =>
      Array.from({ length }, () => {
        seed = (seed * 48_271) % 0x7fff_ffff;
        return letters[seed % letters.length];
      }).join('');
    const secrets = Array.from({ length: 50 }, () => random(32));
    const text = secrets.map((value) => random(20_940) + value).join('');
    const redactor = new Redactor(secrets);
    const times = Array.from({ length: 5 }, () => {
      const before = process.threadCpuUsage();
      expect(redactor.redact(text).split('[secret]')).toHaveLength(51);
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    });
    // 15 ms alone; the count of coverage and other processes multiply it.
    expect(Math.min(...times)).toBeLessThan(250);
  });
});
