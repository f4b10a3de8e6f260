/** What may stand in a profile, and its JSON Schema for editors. One definition does both. */
import * as z from 'zod/mini';
import type { JsonObject } from '../../core/domain/cron.ts';
import { cronSchema } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import { descriptionOf, field, withDescription } from '../../core/domain/validate.ts';

/** One element: a cron of which all but the uid may be left out. Fields that are null are to be taken out before. */
export const elementSchema = z.extend(cronSchema, {
  name: field(
    z.optional(cronSchema.shape.name),
    'the name of a runner',
    'Say which runner does the task, such as "heartbeat".',
  ),
  periodicity: field(
    z.optional(cronSchema.shape.periodicity),
    'five fields of crontab(5), or a nickname such as "@daily"',
    'Say when it runs, such as "0 3 * * *" for every day at three.',
  ),
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
    z.array(describing(elementSchema, ['uid'])),
    'The crons, in the order in which they are looked at.',
  );
  const crontab = withDescription(
    describing(crontabSchema, []),
    'The settings of the crontab; what is left out stays.',
  );
  const whole = z.strictObject({
    $schema: profileSchema.shape.$schema,
    crontab: z.optional(crontab),
    crons: z.optional(crons),
  });
  return {
    ...z.toJSONSchema(whole, {
      io: 'input',
      unrepresentable: 'any',
      override: ({ jsonSchema }) => refine(jsonSchema),
    }),
    title: 'A profile of cloudtab',
    description:
      'Crons to add, edit and remove, found by uid. A cron that is there is changed in what is given, and keeps the rest.',
  };
}

/** The same fields; each but those named may be null, which takes it away so that its default counts. */
function describing(schema: z.ZodMiniObject, wanted: readonly string[]): z.ZodMiniObject {
  const shape = Object.entries(schema.shape).map(
    ([name, type]) =>
      [name, wanted.includes(name) ? type : withDescription(z.nullish(type), descriptionOf(type))] as const,
  );
  return z.strictObject(Object.fromEntries(shape));
}

/** A default would be written by editors and then be "given"; and an environ is an object, which zod cannot say. */
function refine(schema: z.core.JSONSchema.BaseSchema): void {
  delete schema.default;
  if (schema.description === 'a JSON object' && !schema.anyOf) schema.type = ['object', 'null'];
}
