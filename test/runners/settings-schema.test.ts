import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { ConfigurationError } from '../../lib/core/domain/errors.ts';
import type { EnvironFields } from '../../lib/core/domain/runner-description.ts';
import { HTTP_FIELDS } from '../../lib/runners/http-environ.ts';
import { schemaSettings, settingsSchema } from '../../lib/runners/settings-schema.ts';

describe('settingsSchema', () => {
  it('Settings become JSON Schema, in which a string may be a reference to a secret', () => {
    const fields: EnvironFields = {
      to: { type: 'string', required: true, meaning: 'Whom.', example: 'me' },
      times: { type: ['number', 'list'], meaning: 'How often.', example: [1, 2] },
    };
    expect(settingsSchema(fields)).toEqual({
      type: 'object',
      properties: {
        to: {
          anyOf: [{ type: 'string' }, { $ref: '#/$defs/secret' }],
          description: 'Whom.',
          examples: ['me'],
        },
        times: {
          anyOf: [{ type: 'number' }, { type: 'array' }],
          description: 'How often.',
          examples: [[1, 2]],
        },
      },
      required: ['to'],
      additionalProperties: false,
      $defs: {
        secret: {
          type: 'object',
          description: 'A reference to a secret, in place of a string.',
          properties: { $secret: { type: 'string' } },
          required: ['$secret'],
          additionalProperties: false,
        },
      },
    });
  });

  it('The settings of a schema are those that it was made of, but for the checks in code', () => {
    const plain = (fields: EnvironFields) =>
      Object.entries(fields).map(([name, { wanted: _, type, ...rest }]) => ({
        name,
        ...rest,
        type: [type].flat().sort(),
      }));
    const stored = JSON.parse(JSON.stringify(settingsSchema(HTTP_FIELDS)));
    expect(plain(schemaSettings(stored))).toEqual(plain(HTTP_FIELDS));
  });

  it.each([
    [{ to: 'text' }],
    [{ to: null }],
    [{ to: { type: 'text', meaning: 'a', example: 1 } }],
    [{ to: { type: 7, meaning: 'a', example: 1 } }],
    [{ to: { type: 'string', example: 1 } }],
    [{ to: { type: 'string', meaning: 'a' } }],
  ])('Settings that are not described as such are refused: %j', (fields) => {
    expect(() => settingsSchema(fields as EnvironFields)).toThrow(
      new ConfigurationError(
        'static environ: got a setting "to" without a valid type, meaning and example, wanted all three. Complete it.',
      ),
    );
  });

  it.each([['GET'], [[1]]])('Values that are not a list of texts are refused: %j', (values) => {
    const fields = { method: { type: 'string', meaning: 'How.', example: 'GET', values } };
    expect(() => settingsSchema(fields as unknown as EnvironFields)).toThrow(
      'static environ: got a setting "method" with values that are not a list of texts. Correct them.',
    );
  });

  it('Settings that are no object are refused', () => {
    expect(() => settingsSchema([] as unknown as EnvironFields)).toThrow(
      'static environ: got no object, wanted the settings by name. Correct it.',
    );
  });

  it.each<JsonObject>([{}, { properties: 7 }, { properties: { a: 7 } }])(
    'A schema of another form does no harm: %j',
    (schema) => {
      expect(() => schemaSettings(schema)).not.toThrow();
    },
  );
});
