/** Views as JSON: times in ISO 8601, and the definition of a cron beside its state. */

import { iso } from '../../core/domain/iso.ts';
import { dumpLog } from '../../core/domain/log.ts';
import type { Off } from '../../core/domain/off.ts';
import type { Period } from '../../core/domain/timeline.ts';
import type { CronView } from '../operations/cron-view.ts';
import type { SiteSummary } from '../operations/crontab-view.ts';
import { describePeriodicity } from '../operations/describe-periodicity.ts';
import type { VersionView } from '../operations/history.ts';
import type { JobStatus } from '../operations/job-status.ts';
import type { CronResult, SettingsResult } from '../operations/operation-result.ts';
import type { ParameterView } from '../operations/parameter-view.ts';
import type { Preview } from '../operations/preview.ts';
import type { Output } from '../operations/read-output.ts';
import type { RunDetail } from '../operations/read-run.ts';
import type { RunItem, RunPage } from '../operations/read-runs.ts';
import type { Timeline } from '../operations/read-timeline.ts';
import type { WhyAnswer } from '../operations/why.ts';

export function dumpSite({ site, settings, off, parameter, counts }: SiteSummary) {
  const { next, ...numbers } = counts;
  return {
    ...dumpSettings({ site, settings, parameter }),
    ...(off && { off: dumpOff(off) }),
    counts: { ...numbers, ...(next && { next: { uid: next.uid, plannedAt: iso(next.plannedAt) } }) },
  };
}

function dumpOff(off: Off) {
  return { ...off, since: iso(off.since) };
}

function dumpSettings({
  site,
  settings,
  parameter,
}: Pick<SiteSummary, 'site' | 'settings'> & { parameter?: ParameterView | undefined }) {
  return { site, ...settings, ...(parameter && { parameter: dumpParameter(parameter) }) };
}

export function dumpCron({
  site,
  definition,
  unreadable,
  uid,
  timezone,
  parameter,
  active,
  health,
  trend,
  job,
  off,
}: CronView) {
  const { failingSince, ...numbers } = trend;
  const { last } = job;
  return {
    site,
    ...definition,
    uid,
    ...(definition && { words: describePeriodicity(definition.periodicity, uid) }),
    effectiveTimezone: timezone,
    active,
    ...(off && { off: dumpOff(off) }),
    health,
    trend: { ...numbers, ...(failingSince !== undefined && { failingSince: iso(failingSince) }) },
    job: dumpJob(job),
    ...(last && { last: dumpLog(last) }),
    ...(unreadable && { unreadable }),
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
    waiting: waiting.map(({ plannedAt, forced, requestedBy }) => ({
      plannedAt: iso(plannedAt),
      ...(forced === undefined ? {} : { runId: forced }),
      ...(requestedBy === undefined ? {} : { requestedBy }),
    })),
    runs: runs.map(({ runId, plannedAt, claimedAt, forced, requestedBy }) => ({
      runId,
      plannedAt: iso(plannedAt),
      startedAt: new Date(claimedAt).toISOString(),
      forced: forced !== undefined,
      ...(requestedBy === undefined ? {} : { requestedBy }),
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

export function dumpCronResult({ cron, ...result }: CronResult) {
  return { ...result, cron: dumpCron(cron) };
}

export function dumpSettingsResult({ settings, ...result }: SettingsResult) {
  return { ...result, crontab: dumpSettings(settings) };
}

export function dumpRunPage({ runs, ...page }: RunPage) {
  return { runs: runs.map(dumpRunItem), ...page };
}

function dumpRunItem({ site, uid, runner, forced, status, date, ...log }: RunItem) {
  const { date: ended, ...dumped } = dumpLog({ ...log, status: 'OK', date: date ?? log.plannedAt });
  return { site, uid, runner, forced, ...dumped, status, ...(date !== undefined && { date: ended }) };
}

export function dumpRun({ cron: _, run, timeline, lastGood, state, ...rest }: RunDetail) {
  const { status, ...item } = run;
  return {
    ...dumpRunItem({ ...item, status: status === 'READY' ? 'RUNNING' : status }),
    status,
    state,
    timeline: timeline.map(({ at, ...step }) => ({ at: new Date(at).toISOString(), ...step })),
    ...(lastGood && { lastGood: { ...lastGood, plannedAt: iso(lastGood.plannedAt) } }),
    ...rest,
  };
}

export function dumpTimeline({ lanes, period, timezone, first: _, ...timeline }: Timeline) {
  return {
    ...timeline,
    effectiveTimezone: timezone,
    period: dumpPeriod(period),
    lanes: lanes.map(({ cron: { uid, health }, slots, off }) => ({
      uid,
      health,
      off: off.map(dumpPeriod),
      slots: slots.map(({ from, result, plannedAt, count, run }) => ({
        from: iso(from),
        result,
        plannedAt: iso(plannedAt),
        count,
        ...(run && { id: run.id }),
      })),
    })),
  };
}

function dumpPeriod({ from, to }: Period) {
  return { from: iso(from), to: iso(to) };
}

export function dumpWhy({ time, plannedAt, ...answer }: WhyAnswer) {
  return { time: iso(time), ...(plannedAt !== undefined && { plannedAt: iso(plannedAt) }), ...answer };
}

export function dumpOutput({ lines, timezone: _, ...output }: Output) {
  return {
    lines: lines.map(({ time, ...line }) => ({ time: new Date(time).toISOString(), ...line })),
    ...output,
  };
}
