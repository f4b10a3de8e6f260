/** The schema of profiles, for validation and as a JSON Schema for editors. */
import * as z from 'zod/mini';
import type { JsonObject } from '../../core/domain/cron.ts';
import { cronSchema } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { jsonSchemaOf, withNullableFields } from '../../core/domain/json-schema.ts';
import { field, optional, withDescription } from '../../core/domain/validate.ts';

/** One element: a cron whose fields are optional, except the uid. */
export const elementSchema = z.extend(cronSchema, {
  name: optional(cronSchema.shape.name),
  periodicity: optional(cronSchema.shape.periodicity),
  remove: field(z.optional(z.boolean()), 'true or false', 'Write true to remove the cron, or leave it out.'),
});

/** The root of a profile. validate.ts validates the settings and each cron separately, to find all problems. */
export const profileSchema = z.strictObject({
  $schema: field(z.optional(z.string()), 'the address of the JSON Schema', 'Remove it, or keep it as text.'),
  crontab: field(
    z.optional(z.custom<JsonObject>(isJsonObject)),
    'an object with the settings of the crontab',
    'Write an object such as {"timezone": "Europe/Paris"}, or leave it out.',
  ),
  crons: field(
    z._default(z.array(z.unknown()), []),
    'a list of crons',
    'Begin each cron with a dash, as in "- uid: nightly".',
  ),
});

/** The JSON Schema of a profile in YAML or JSON: the content of profile.schema.json. */
export function profileJsonSchema(): object {
  const crons = withDescription(
    z.array(withNullableFields(elementSchema, ['uid'])),
    'The crons, processed in this order.',
  );
  const crontab = withDescription(
    withNullableFields(crontabSchema),
    'The settings of the crontab. Omitted settings stay unchanged.',
  );
  const whole = z.strictObject({
    $schema: profileSchema.shape.$schema,
    crontab: z.optional(crontab),
    crons: z.optional(crons),
  });
  return {
    ...jsonSchemaOf(whole, 'input'),
    title: 'A profile of cloudtab',
    description:
      'Crons to add, edit and remove, identified by uid. An existing cron keeps the fields that are not given.',
  };
}
