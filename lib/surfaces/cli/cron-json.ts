/** A cron as programs get it: its definition, and what goes on with it, with ISO 8601 times. */

import type { CronView } from '../../app/operations/cron-view.ts';
import { describePeriodicity } from '../../app/operations/describe-periodicity.ts';
import { iso } from '../../core/domain/iso.ts';
import { dumpLog } from '../../core/domain/log.ts';

export function cronJson({ uid, definition, parameter, timezone, health, active, job }: CronView) {
  return {
    uid,
    ...definition,
    words: definition ? describePeriodicity(definition.periodicity, uid) : null,
    /** The one that counts. */
    inTimezone: timezone,
    health,
    active,
    version: parameter.version,
    problems: parameter.problems ?? [],
    running: job.runs.length,
    late: job.late,
    next: job.next === undefined ? null : iso(job.next),
    last: job.last ? dumpLog(job.last) : null,
  };
}
