import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldsOf, newFieldsOf, sentValues, valuesOf } from '../../../lib/admin/pages/cron-values.ts';
import type { JsonObject } from '../../../lib/domain/cron.ts';

const RUNNERS = ['http', 'lambda:<function>', 'task'];

/** Text without spaces around it, as inputs give it. */
const word = fc.stringMatching(/^[a-z][a-z /]{0,8}[a-z]$/);
const fields: fc.Arbitrary<JsonObject> = fc.record(
  {
    name: fc.oneof(fc.constantFrom('http', 'task', 'lambda:report', 'gone'), word),
    periodicity: word,
    activated: fc.boolean(),
    environ: fc.dictionary(word, fc.oneof(word, fc.integer(), fc.boolean())),
    user: word,
    timezone: word,
    overlap: fc.constantFrom('skip', 'buffer', 'allow', 'jump'),
    missed: fc.constantFrom('once', 'all', 'skip'),
    maxLateness: fc.oneof(fc.nat(), fc.constant('2h')),
    timeout: fc.oneof(fc.nat(), fc.constant('5m')),
    logsLimit: fc.nat(),
  },
  { requiredKeys: ['name', 'periodicity'] },
);

describe('the values of a form', () => {
  it('mean the fields that they were made of, and nothing else', () => {
    fc.assert(
      fc.property(fields, (given) => {
        const { fields: meant, problems } = fieldsOf(valuesOf('a', given, RUNNERS));
        const kept = Object.fromEntries(Object.entries(meant).filter(([, value]) => value !== null));
        expect(kept).toEqual(given);
        expect(problems).toEqual([]);
      }),
    );
  });

  it('are what was sent, without spaces around it', () => {
    const sent: Record<string, string> = {
      uid: ' a ',
      runner: 'task',
      periodicity: ' @daily ',
      environ: ' ',
    };
    const values = sentValues((name) => sent[name] ?? '');
    expect(newFieldsOf(values)).toEqual({
      fields: { uid: 'a', name: 'task', periodicity: '@daily', activated: false },
      problems: [],
    });
  });

  it('keep what is no number, for a person to see what is wrong with it', () => {
    const values = valuesOf('a', { name: 'task', logsLimit: 'many', timeout: [1], user: null }, RUNNERS);
    expect(fieldsOf(values).fields).toMatchObject({ logsLimit: 'many', timeout: '[1]', user: null });
  });
});
