/** What a valid crontab looks like, and reading one, or its settings alone, that a person or a program wrote. */
import * as z from 'zod/mini';
import type { Cron } from './cron.ts';
import { type CronContext, readCron } from './cron-schema.ts';
import { Crontab } from './crontab.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from './crontab-settings.ts';
import { InvalidError } from './errors.ts';
import { parseJson } from './json-text.ts';
import { SITE, SITE_RULE } from './names.ts';
import { formatValue, limitProblems, type Problem, prefixProblems } from './problem.ts';
import { timeZoneProblems } from './time-zone-problems.ts';
import { field, refine, validate } from './validate.ts';

/** What the parameter of a crontab may hold. `z.toJSONSchema(crontabSchema, { io: 'input' })` is its JSON Schema. */
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
    z.pipe(
      z.nullish(z.string().check(refine(timeZoneProblems))),
      z.transform((name) => name ?? CRONTAB_DEFAULTS.timezone),
    ),
    'the name of a time zone, such as "Europe/Paris" or "UTC"',
    'Name one, or leave it out for UTC.',
  ),
});

const dumpSchema = z.extend(crontabSchema, {
  site: field(z.string().check(z.regex(SITE)), SITE_RULE, 'Choose such a name.'),
  crons: field(
    z._default(z.array(z.unknown()), []),
    'a list of crons',
    'Write a list, or leave it out for none.',
  ),
});

/** The settings of an object or JSON text. Throws InvalidError with every problem. */
export function loadCrontabSettings(input: unknown): CrontabSettings {
  const { value, problems } = validate(crontabSchema, typeof input === 'string' ? parseJson(input) : input);
  if (!value) throw new InvalidError(limitProblems(problems));
  return value;
}

/**
 * The crontab of a Crontab, an object, or JSON text, with every cron that is valid, and the problems of those that are
 * not, each with `crons.<index>` before its place. Throws InvalidError when it is not a crontab at all: the site, a
 * setting or the list itself is wrong.
 */
export function loadCrontab(
  input: unknown,
  context: Omit<CronContext, 'uid'> = {},
): { readonly crontab: Crontab; readonly problems: readonly Problem[] } {
  const given =
    input instanceof Crontab ? { ...input.dump() } : typeof input === 'string' ? parseJson(input) : input;
  const checked = validate(dumpSchema, given);
  if (!checked.value) throw new InvalidError(limitProblems(checked.problems));
  const { site, crons: entries, ...settings } = checked.value;
  const crons = new Map<string, Cron>();
  const problems: Problem[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readCron(entry, context);
    const taken = read.cron && crons.has(read.cron.uid) ? [takenUid(read.cron.uid)] : [];
    if (read.cron && taken.length === 0) crons.set(read.cron.uid, read.cron);
    problems.push(...prefixProblems(`crons.${index}`, [...read.problems, ...taken]));
  }
  return { crontab: new Crontab(site, settings, crons.values()), problems };
}

function takenUid(uid: string): Problem {
  return {
    where: 'uid',
    got: formatValue(uid),
    wanted: 'a uid that no cron before it has',
    fix: 'Give it another one, or leave it out.',
  };
}
