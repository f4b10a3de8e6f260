/** The schema of the name of a time zone. */
import * as z from 'zod/mini';
import { timeZoneProblems } from './time-zone-problems.ts';
import { described, refine } from './validate.ts';

/** JSON Schema has no way to name all zones: their database changes, and each has several names. The format names the rule. */
export function timeZoneName() {
  const name = z.string().check(refine(timeZoneProblems));
  return described(name, { format: 'iana-time-zone' });
}
