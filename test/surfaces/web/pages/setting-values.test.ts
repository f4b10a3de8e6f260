import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/core/domain/cron.ts';
import type { FieldType } from '../../../../lib/core/domain/runner-description.ts';
import {
  fitsInputs,
  inputNames,
  settingsOf,
  settingTexts,
} from '../../../../lib/surfaces/web/pages/setting-values.ts';

const setting = (type: FieldType | FieldType[]) => ({ type, meaning: 'Its purpose.', example: 'x' });
const RUNNER = {
  name: 'call',
  summary: '',
  environ: {
    text: setting('string'),
    count: setting('number'),
    flag: setting('boolean'),
    map: setting('object'),
    any: setting(['string', 'number', 'list']),
  },
};

/** What the inputs mean with that text in the input of a setting. */
const typed = (name: string, text: string) =>
  settingsOf(RUNNER, { [inputNames('call', name).value]: text })[name];

describe('the inputs of the settings of a runner', () => {
  it.each([
    ['text', ' 12 ', ' 12 '],
    ['text', 'two\r\nlines', 'two\nlines'],
    ['text', '{"$secret": "mail"}', { $secret: 'mail' }],
    ['count', ' 1.5', 1.5],
    ['flag', 'true', true],
    ['map', '{"a": [1]}', { a: [1] }],
    ['any', '[200, "3xx"]', [200, '3xx']],
    ['any', '204', 204],
    ['any', '2xx', '2xx'],
    ['any', 'true', 'true'],
  ])('The input of %s reads %j as %j', (name, text, value) => {
    expect(typed(name, text)).toEqual(value);
  });

  it.each([
    ['count', 'ten'],
    ['count', '[1]'],
    ['flag', 'yes'],
    ['map', '{"a":'],
    ['map', '{"$secret": "mail"}x'],
  ])('The input of %s keeps %j as a text, so that validation reports it', (name, text) => {
    expect(typed(name, text)).toBe(text);
  });

  it('An empty input means no setting, and the name of a secret replaces a text', () => {
    const { value, secret } = inputNames('call', 'text');
    expect(settingsOf(RUNNER, { [value]: '', [inputNames('other', 'text').value]: 'x' })).toEqual({});
    expect(settingsOf(RUNNER, { [value]: 'x', [secret]: ' mail ' })).toEqual({ text: { $secret: 'mail' } });
    expect(settingTexts(RUNNER, { text: { $secret: 'mail' } })).toEqual({ [secret]: 'mail' });
    expect(fitsInputs(RUNNER, { text: { $secret: 'mail' }, any: { $secret: 'mail' } })).toBe(true);
  });

  it.each<[string, JsonObject]>([
    ['an unknown setting', { texts: 'x' }],
    ['an empty text', { text: '' }],
    ['a text that reads as a number', { any: '204' }],
    ['a value of another type', { count: '10' }],
    ['a text with a carriage return', { text: 'a\rb' }],
    ['null', { text: null }],
  ])('The inputs cannot hold %s', (_, environ) => {
    expect(fitsInputs(RUNNER, environ)).toBe(false);
  });

  it('The inputs hold every valid environ, or say that they cannot', () => {
    const environs: fc.Arbitrary<JsonObject> = fc.record(
      {
        text: fc.oneof(fc.string(), fc.constant({ $secret: 'mail' })),
        count: fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
        flag: fc.boolean(),
        map: fc.dictionary(fc.stringMatching(/^[a-z]+$/), fc.string()),
        any: fc.oneof(fc.string(), fc.integer(), fc.array(fc.string())),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(environs, (environ) => {
        const read = settingsOf(RUNNER, settingTexts(RUNNER, environ));
        if (fitsInputs(RUNNER, environ)) expect(read).toEqual(environ);
        else expect(Object.values(environ).some((value) => typeof value === 'string')).toBe(true);
      }),
    );
  });
});
