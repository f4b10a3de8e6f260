/** What may stand in a profile, and its JSON Schema for editors. One definition does both. */
import * as z from 'zod/mini';
import type { JsonObject } from '../../core/domain/cron.ts';
import { cronSchema } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { jsonSchemaOf, withNullableFields } from '../../core/domain/json-schema.ts';
import { field, optional, withDescription } from '../../core/domain/validate.ts';

/** One element: a cron of which all but the uid may be left out. */
export const elementSchema = z.extend(cronSchema, {
  name: optional(cronSchema.shape.name),
  periodicity: optional(cronSchema.shape.periodicity),
  remove: field(z.optional(z.boolean()), 'true or false', 'Write true to remove the cron, or leave it out.'),
});

/** The top of a profile. Its parts are judged one by one, so that every problem is found. */
export const profileSchema = z.strictObject({
  $schema: field(
    z.optional(z.string()),
    'the address of the JSON Schema',
    'Take it away, or keep it as text.',
  ),
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

/** The JSON Schema of a profile in YAML or JSON: the content of profile.schema.json, which editors read. */
export function profileJsonSchema(): object {
  const crons = withDescription(
    z.array(withNullableFields(elementSchema, ['uid'])),
    'The crons, in the order in which they are looked at.',
  );
  const crontab = withDescription(
    withNullableFields(crontabSchema),
    'The settings of the crontab; what is left out stays.',
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
      'Crons to add, edit and remove, found by uid. A cron that is there is changed in what is given, and keeps the rest.',
  };
}
