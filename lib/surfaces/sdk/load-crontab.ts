/** Loads the dump of a crontab. `Crontabs.load` loads the crontab of a folder or a deployment. */
import * as z from 'zod/mini';
import type { Cron } from '../../core/domain/cron.ts';
import { type CronContext, readCron } from '../../core/domain/cron-schema.ts';
import { crontabSchema } from '../../core/domain/crontab-schema.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import { parseJson } from '../../core/domain/json-text.ts';
import { SITE } from '../../core/domain/names.ts';
import { formatValue, limitProblems, type Problem, prefixProblems } from '../../core/domain/problem.ts';
import { field, validate } from '../../core/domain/validate.ts';
import { Crontab } from './crontab.ts';

const dumpSchema = z.extend(crontabSchema, {
  site: field(
    z.string().check(z.regex(SITE)),
    '1 to 16 lower-case letters, digits and dashes',
    'Use such a name.',
  ),
  crons: field(z._default(z.array(z.unknown()), []), 'a list of crons', 'Use a list, or leave it out.'),
});

/**
 * Loads a crontab from a Crontab, an object or JSON text. The result has the valid crons, and the problems of the others
 * with the prefix `crons.<index>`. It is in memory only: saving it throws ConfigurationError. Throws InvalidError if the
 * site, a setting or the list is invalid.
 */
export function loadCrontab(
  input: unknown,
  context: Omit<CronContext, 'uid'> = {},
): { readonly crontab: Crontab; readonly problems: readonly Problem[] } {
  const given =
    input instanceof Crontab ? { ...input.dump() } : typeof input === 'string' ? parseJson(input) : input;
  const checked = validate(dumpSchema, given);
  if (!checked.value) throw new InvalidError(limitProblems(checked.problems));
  const { crons: entries, ...content } = checked.value;
  const crons = new Map<string, Cron>();
  const problems: Problem[] = [];
  for (const [index, entry] of entries.entries()) {
    const read = readCron(entry, context);
    const taken = read.cron && crons.has(read.cron.uid) ? [takenUid(read.cron.uid)] : [];
    if (read.cron && taken.length === 0) crons.set(read.cron.uid, read.cron);
    problems.push(...prefixProblems(`crons.${index}`, [...read.problems, ...taken]));
  }
  return { crontab: new Crontab({ ...content, crons: [...crons.values()] }, context), problems };
}

function takenUid(uid: string): Problem {
  return {
    where: 'uid',
    got: formatValue(uid),
    wanted: 'a uid that no earlier cron has',
    fix: 'Use another uid, or leave it out.',
  };
}
