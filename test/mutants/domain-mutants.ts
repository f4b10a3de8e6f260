/** Mutants of the pure rules: planned times, claims, run records, and what an edit changes. */
import type { MutantsByFile } from './mutants.ts';

export const DOMAIN_MUTANTS: MutantsByFile = {
  'lib/core/domain/reasons.ts': [
    {
      name: 'applies overlap: skip where the policy is allow',
      from: "if (overlap === 'allow') {",
      to: "if (overlap === 'allow') overlap = 'skip';\n  if (leases.length > 99) {",
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/claim.ts': [
    {
      name: 'refuses a request that holds although the cron is off',
      from: 'const off = run.evenOff ? undefined : offReasonOf(request);',
      to: 'const off = offReasonOf(request);',
      likely: 'requests-even-off',
      killedBy: ['simulation', 'exploration'],
    },
    {
      name: 'takes no lease',
      from: 'const leased = { ...job, leases: [...job.leases, lease] };',
      to: 'const leased = job;',
      killedBy: ['simulation'],
    },
    {
      name: 'computes the next time from the planned time instead of the current time',
      from: 'const arm = nextUndecided(cron, settings, decided, until);',
      to: 'const arm = nextUndecided(cron, settings, { ...job, decidedUntil: plannedAt }, plannedAt);',
      killedBy: ['simulation'],
    },
    {
      name: 'drops late occurrences without a record',
      from: 'const { missed, onTime, records } = catchUp(cron, ownerOf(request), inForce, now);',
      to: 'const { missed, onTime } = catchUp(cron, ownerOf(request), inForce, now);\n  const records: never[] = [];',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores that the last run is still in progress',
      from: 'if (mustWait(job, cron)) {\n    const all',
      to: 'if (mustWait(job, cron) && job.leases.length > 99) {\n    const all',
      killedBy: ['simulation'],
    },
    {
      name: 'drops the occurrence that waits under overlap: buffer',
      from: 'return claimed(request, job, { ...line, times: all }, notRun);',
      to: 'return claimed(request, job, { ...line, times: all.slice(0, 0) }, notRun);',
      killedBy: ['simulation'],
    },
    {
      name: 'reports an overlap every ten minutes although no run is in progress',
      from: 'const overlaps = job.busySince !== undefined && job.busySince <= time;',
      to: 'const overlaps = (job.busySince ?? time + (time % 600_000)) <= time;',
      killedBy: ['simulation'],
    },
    {
      name: 'reports an overlap of a time before the run in progress started',
      from: 'const overlaps = job.busySince !== undefined && job.busySince <= time;',
      to: 'const overlaps = job.busySince !== undefined;',
      likely: 'late-time-beside-request',
      killedBy: ['simulation', 'exploration'],
    },
    {
      name: 'ignores expired leases when it claims',
      from: 'const expired = expireLeases(job, cron.name, now);',
      to: 'const expired = expireLeases(job, cron.name, now - 86_400_000);',
      killedBy: ['simulation'],
    },
    {
      name: 'treats an early delivery as one of a past time',
      from: 'const until = Math.max(now, plannedAt);',
      to: 'const until = now;',
      killedBy: ['simulation'],
    },
    {
      name: 'does not remember which runs were forced',
      from: 'recentForced: [...recentForced, { plannedAt, forced }] };',
      to: 'recentForced: [...recentForced, { plannedAt, forced }].slice(0, 0) };',
      killedBy: ['simulation'],
    },
    {
      name: 'lets a time that has ended wait again in the range of those around it',
      from: 'if (followingTime(job, cron, settings)(last) === first) return joined;',
      to: 'if (followingTime(job, cron, settings)(last) !== undefined) return joined;',
      killedBy: ['simulation'],
    },
    {
      name: 'writes no record of a forced run that does not run',
      from: '...withRecords(changed, [notRunRecord(ownerOf(request), run, reason, now)]),',
      to: '...withRecords(changed, []),',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/lease.ts': [
    {
      name: 'never ends an expired lease',
      from: 'const expired = job.leases.filter((lease) => lease.expiresAt <= now);',
      to: 'const expired = job.leases.filter((lease) => lease.expiresAt <= now && false);',
      killedBy: ['simulation'],
    },
    {
      name: 'repeats a run whose process died',
      from: 'return withRecords(withBusySince({ ...job, leases }, now), records);',
      to: `const [{ plannedAt: again }] = expired as [Lease];
  return withRecords(withBusySince({ ...job, leases, waiting: { from: again, to: again } }, now), records);`,
      killedBy: ['simulation'],
    },
    {
      name: 'records a run whose process died as OK',
      from: "return { status: 'FAILURE', reason: 'died', messages: [text] };",
      to: "return { status: 'OK', messages: [text] };",
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/catch-up.ts': [
    {
      name: 'ignores maxLateness',
      from: 'return now - time > Math.max(maxLateness * 1000, GRACE_MS);',
      to: 'return now - time > maxLateness * 1e9;',
      killedBy: ['simulation'],
    },
    {
      name: 'records occurrences that are on time as missed',
      from: 'const onTime = due.times.filter((time) => now - time <= GRACE_MS);',
      to: 'const onTime = due.times.filter((time) => now - time <= 1);',
      killedBy: ['simulation'],
    },
    {
      name: 'catches up one occurrence with missed: all',
      from: 'return times.slice(-MAX_CATCH_UP);',
      to: 'return times.slice(-1);',
      killedBy: ['simulation'],
    },
    {
      name: 'catches up no occurrence with missed: once',
      from: 'return onTime.length > 0 ? [] : times.slice(-1);',
      to: 'return [];',
      killedBy: ['simulation'],
    },
    {
      name: 'catches up one occurrence with missed: skip',
      from: "case 'skip':\n      return [];",
      to: "case 'skip':\n      return times.slice(-1);",
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/next-run.ts': [
    {
      name: 'runs a fixed time twice when the clock is put back',
      from: 'const wallClock = expression.fixed ? lastWallClock(zone.offsetPeriodsOf(day - 1)) : undefined;',
      to: 'const wallClock = expression.fixed && day < 0 ? lastWallClock(zone.offsetPeriodsOf(day - 1)) : undefined;',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/timing.ts': [
    {
      name: 'considers only the armed time due',
      from: 'if (armedAt === undefined || armedAt > until) return { times: [] };',
      to: 'if (armedAt === undefined || armedAt > until) return { times: [] };\n  if (armedAt > 0) return { times: [armedAt] };',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the switch of the crontab',
      from: 'return cron.activated && settings.activated;',
      to: 'return cron.activated;',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/reconcile.ts': [
    {
      name: 'drops a waiting request that holds although the cron is off',
      from: 'const kept = job.waitingForced.filter(({ evenOff }) => evenOff);',
      to: 'const kept: Job["waitingForced"] = [];',
      likely: 'request-even-off-beside-edit',
      killedBy: ['exploration'],
    },
    {
      name: 'keeps the timer of an edited cron',
      from: 'if (job.closedAt !== undefined || job.timing !== timingOf(cron, settings))',
      to: 'if (job.closedAt !== undefined || job.timing === undefined)',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the time zone of the crontab',
      from: 'const next = nextUndecided(cron, settings, dropped.job, now);',
      to: "const next = nextUndecided(cron, { ...settings, timezone: 'UTC' }, dropped.job, now);",
      killedBy: ['simulation'],
    },
    {
      name: 'ends the lease of a removed cron during its run',
      from: 'job: { ...dropped.job, timing: undefined, closedAt: now },',
      to: 'job: { ...dropped.job, leases: [], timing: undefined, closedAt: now },',
      killedBy: ['simulation'],
    },
    {
      name: 'forgets what a removed cron has decided',
      from: 'job: { ...dropped.job, timing: undefined, closedAt: now },',
      to: 'job: { ...dropped.job, decidedUntil: undefined, recentForced: [], timing: undefined, closedAt: now },',
      killedBy: ['simulation'],
    },
    {
      name: 'drops what waits without a record when the cron is edited',
      from: '...notRunRecords(owner, waiting, reason, now),',
      to: '...notRunRecords(owner, { ...waiting, times: [] }, reason, now),',
      killedBy: ['simulation'],
    },
  ],
};
