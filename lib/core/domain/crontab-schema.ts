/** The schema of a crontab's settings, and their reading. */
import * as z from 'zod/mini';
import { CRONTAB_DEFAULTS, type CrontabSettings } from './crontab-settings.ts';
import { InvalidError } from './errors.ts';
import { parseJson } from './json-text.ts';
import { limitProblems } from './problem.ts';
import { timeZoneName } from './time-zone-name.ts';
import { TIME_ZONE_RULE } from './time-zone-problems.ts';
import { field, validate } from './validate.ts';

/** The parameter of a crontab. `z.toJSONSchema(crontabSchema, { io: 'input' })` is its JSON Schema. */
export const crontabSchema = z.strictObject({
  activated: field(
    z._default(z.boolean(), CRONTAB_DEFAULTS.activated),
    'true or false',
    'Write true or false without quotes, or leave it out for true.',
  ),
  readOnly: field(
    z._default(z.boolean(), CRONTAB_DEFAULTS.readOnly),
    'true or false',
    'Write true or false without quotes, or leave it out for false.',
  ),
  timezone: field(
    z._default(timeZoneName(), CRONTAB_DEFAULTS.timezone),
    TIME_ZONE_RULE,
    'Name one, or leave it out for UTC.',
  ),
});

/** The settings of an object or JSON text. Throws InvalidError with every problem. */
export function loadCrontabSettings(input: unknown): CrontabSettings {
  const { value, problems } = validate(crontabSchema, typeof input === 'string' ? parseJson(input) : input);
  if (!value) throw new InvalidError(limitProblems(problems));
  return value;
}
