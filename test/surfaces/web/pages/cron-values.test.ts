import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../lib/core/domain/cron.ts';
import type { FieldType, RunnerDescription } from '../../../../lib/core/domain/runner-description.ts';
import {
  fieldsOf,
  newFieldsOf,
  sentValues,
  valuesOf,
} from '../../../../lib/surfaces/web/pages/cron-values.ts';

const setting = (type: FieldType | FieldType[]) => ({ type, meaning: 'Its purpose.', example: 'x' });
const RUNNERS: readonly RunnerDescription[] = [
  {
    name: 'http',
    summary: '',
    environ: { url: setting('string'), status: setting(['number', 'string', 'list']) },
  },
  { name: 'lambda:<function>', summary: '' },
  { name: 'task', summary: '' },
];

/** Text without spaces around it, as sentValues returns it. */
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
    tags: fc.constantFrom(['eu'], ['a', 'b-c']),
  },
  { requiredKeys: ['name', 'periodicity'] },
);

describe('the values of a form', () => {
  it('fieldsOf(valuesOf(…)) returns the original fields', () => {
    fc.assert(
      fc.property(fields, (original) => {
        const { fields: edit, problems } = fieldsOf(valuesOf('a', original, RUNNERS));
        const definition = Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== null));
        expect(definition).toEqual(original);
        expect(problems).toEqual([]);
      }),
    );
  });

  it('The fields of a new cron are those that were sent, trimmed, and null for the others', () => {
    const sent: Record<string, string> = {
      uid: ' a ',
      runner: 'task',
      periodicity: ' @daily ',
      environ: ' ',
    };
    const values = sentValues((name) => sent[name] ?? '', RUNNERS);
    expect(newFieldsOf(values)).toEqual({
      fields: {
        uid: 'a',
        name: 'task',
        periodicity: '@daily',
        activated: false,
        environ: null,
        tags: null,
        user: null,
        timezone: null,
        description: null,
        overlap: null,
        missed: null,
        maxLateness: null,
        timeout: null,
        logsLimit: null,
      },
      problems: [],
    });
    expect(newFieldsOf({ ...values, uid: '' }).fields).toMatchObject({ uid: null, name: 'task' });
  });

  it('fieldsOf keeps a value that is not a number, so that validation reports it', () => {
    const values = valuesOf(
      'a',
      { name: 'task', logsLimit: 'many', timeout: [1], user: null, tags: 7 },
      RUNNERS,
    );
    expect(fieldsOf(values).fields).toMatchObject({
      logsLimit: 'many',
      timeout: '[1]',
      user: null,
      tags: ['7'],
    });
  });
});
