/** Views as JSON: times in ISO 8601, and the definition of a cron beside its state. */
import type { CronView } from '../../../app/operations/cron-view.ts';
import type { CrontabView } from '../../../app/operations/crontab-view.ts';
import { describePeriodicity } from '../../../app/operations/describe-periodicity.ts';
import type { VersionView } from '../../../app/operations/history.ts';
import type { JobStatus } from '../../../app/operations/job-status.ts';
import type { ParameterView } from '../../../app/operations/parameter-view.ts';
import type { Preview } from '../../../app/operations/preview.ts';
import { iso } from '../../../core/domain/iso.ts';
import { dumpLog } from '../../../core/domain/log.ts';

/** Without its crons. */
export function dumpSite({ site, settings, parameter, counts }: Omit<CrontabView, 'crons'>) {
  const { next, ...numbers } = counts;
  return {
    ...dumpSettings({ site, settings, parameter }),
    counts: { ...numbers, ...(next && { next: { uid: next.uid, plannedAt: iso(next.plannedAt) } }) },
  };
}

export function dumpSettings({
  site,
  settings,
  parameter,
}: Pick<CrontabView, 'site' | 'settings'> & { parameter?: ParameterView | undefined }) {
  return { site, ...settings, ...(parameter && { parameter: dumpParameter(parameter) }) };
}

export function dumpCron({ site, definition, uid, timezone, parameter, active, health, job }: CronView) {
  const { last } = job;
  return {
    site,
    ...definition,
    uid,
    ...(definition && { words: describePeriodicity(definition.periodicity, uid) }),
    effectiveTimezone: timezone,
    active,
    health,
    job: dumpJob(job),
    ...(last && { last: dumpLog(last) }),
    parameter: dumpParameter(parameter),
  };
}

export function dumpJob({ present, pending, running, finished, late, next, waiting, runs }: JobStatus) {
  return {
    present,
    pending,
    running,
    finished,
    late,
    ...(next === undefined ? {} : { next: iso(next) }),
    waiting: waiting.map(({ plannedAt, forced }) => ({
      plannedAt: iso(plannedAt),
      ...(forced === undefined ? {} : { runId: forced }),
    })),
    runs: runs.map(({ runId, plannedAt, claimedAt, forced }) => ({
      runId,
      plannedAt: iso(plannedAt),
      startedAt: new Date(claimedAt).toISOString(),
      forced: forced !== undefined,
    })),
  };
}

export function dumpVersion({ modified, ...version }: VersionView) {
  return { ...version, modified: iso(modified) };
}

export function dumpPreview({ runs, ...preview }: Preview) {
  return { ...preview, runs: runs.map(({ plannedAt, ...run }) => ({ plannedAt: iso(plannedAt), ...run })) };
}

function dumpParameter({ modified, ...parameter }: ParameterView) {
  return { ...parameter, modified: iso(modified) };
}
