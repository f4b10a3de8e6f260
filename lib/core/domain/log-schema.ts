/** Reading logs that were dumped. What a log is, and its dump, is log.ts. */
import * as z from 'zod/mini';
import { InvalidError } from './errors.ts';
import { parseJson } from './json-text.ts';
import type { Log } from './log.ts';
import { REASONS, STATUSES } from './run-record.ts';
import { field, validate } from './validate.ts';

const ISO_WANTED = 'a time such as "2030-01-31T03:00:00Z"';
const ISO_FIX = 'Write it in ISO 8601, in UTC.';
const EPOCH = z.int().check(z.minimum(-8.64e15), z.maximum(8.64e15));
const time = z.union([
  EPOCH,
  z.pipe(
    z.iso.datetime(),
    z.transform((text) => Date.parse(text)),
  ),
]);

const logSchema = z.strictObject({
  id: field(
    z.string().check(z.minLength(1), z.maxLength(64)),
    'text of 1 to 64 characters',
    'Keep it as it was dumped.',
  ),
  plannedAt: field(time, ISO_WANTED, ISO_FIX),
  date: field(time, ISO_WANTED, ISO_FIX),
  startedAt: field(z.optional(time), ISO_WANTED, ISO_FIX),
  status: field(z.enum(STATUSES), 'OK, WARN, FAILURE or NOTRUN', 'Choose one of these, in capitals.'),
  reason: field(
    z.optional(z.enum(REASONS)),
    `one of ${REASONS.join(', ')}`,
    'Leave it out if the run ended by itself.',
  ),
  messages: field(z.array(z.string()), 'a list of texts', 'Write a list, or [] for none.'),
  runId: field(z.optional(z.string().check(z.minLength(1))), 'text', 'Leave it out if nothing ran.'),
  requestedBy: field(z.optional(z.string()), 'text', 'Leave it out if the run was planned.'),
  covers: field(
    z.optional(
      z.strictObject({ from: time, count: z.int().check(z.minimum(1)), isMore: z.optional(z.literal(true)) }),
    ),
    '{"from": a time, "count": a number from 1}',
    'Leave it out if the log covers one planned time.',
  ),
});

/** The log of a Log, its dump, or the dump's JSON. Throws InvalidError with every problem. */
export function loadLog(input: unknown): Log {
  const { value, problems } = validate(logSchema, typeof input === 'string' ? parseJson(input) : input);
  if (!value) throw new InvalidError(problems);
  return value;
}
