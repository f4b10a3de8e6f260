/** Mutants of the pure rules: planned times, claims, run records, and what an edit changes. */
import type { MutantsByFile } from './mutants.ts';

export const DOMAIN_MUTANTS: MutantsByFile = {
  'lib/core/domain/claim.ts': [
    {
      name: 'takes no lease',
      from: 'const leases = lease ? [...job.leases, lease] : job.leases;',
      to: 'const { leases } = job;',
      killedBy: ['simulation'],
    },
    {
      name: 'computes the next time from the planned time instead of the current time',
      from: 'const next = cron.next(until, settings.timezone);',
      to: 'const next = cron.next(occurrence.plannedAt, settings.timezone);',
      killedBy: ['simulation'],
    },
    {
      name: 'drops late occurrences without a record',
      from: 'const { run, notRun } = applyMissedPolicy(cron, dueTimes(job, until), now);',
      to: 'const { run } = applyMissedPolicy(cron, dueTimes(job, until), now);\n  const notRun: never[] = [];',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores that the last run is still in progress',
      from: ': running && (fresh.length > 0 || mustWait(job, cron))',
      to: ': running && job.leases.length > 99',
      killedBy: ['simulation'],
    },
    {
      name: 'drops the occurrence that overlap: buffer keeps pending',
      from: 'return { run: undefined, pending: latest, dropped: [], reason: overlap(since) };',
      to: 'return { run: undefined, pending: [], dropped: [], reason: overlap(since) };',
      killedBy: ['simulation'],
    },
    {
      name: 'reports an overlap every ten minutes although no run is in progress',
      from: 'const [running] = job.leases;',
      to: `const isDull = fresh.length > 0 && new Date(now).getUTCMinutes() % 10 === 0;
  const dull = { ...request.occurrence, runId: request.runId, startedAt: now, expiresAt: now };
  const [running] = isDull ? [...job.leases, dull] : job.leases;`,
      killedBy: ['simulation'],
    },
    {
      name: 'applies overlap: skip where the policy is allow',
      from: 'return { run: latest[0], pending, dropped: [], reason: overlap(since) };',
      to: 'return { run: undefined, pending, dropped: latest, reason: overlap(since) };',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores expired leases when it claims',
      from: 'const { job, logs } = expireLeases(request.job, now, cron.logsLimit);',
      to: 'const { job, logs } = expireLeases(request.job, now - 86_400_000, cron.logsLimit);',
      killedBy: ['simulation'],
    },
    {
      name: 'treats an early delivery as one of a past time',
      from: 'const until = Math.max(now, occurrence.plannedAt);',
      to: 'const until = now;',
      killedBy: ['simulation'],
    },
    {
      name: 'does not remember which runs were forced',
      from: 'const remembering = { ...job, recentForced: [...recentForced.filter(isRecent), occurrence] };',
      to: 'const remembering = { ...job, asked: asked.filter(isRecent) };',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/job.ts': [
    {
      name: 'never ends an expired lease',
      from: 'const expired = job.leases.filter((lease) => lease.expiresAt <= now);',
      to: 'const expired = job.leases.filter((lease) => lease.expiresAt <= now && false);',
      killedBy: ['simulation'],
    },
    {
      name: 'repeats a run whose process died',
      from: 'return { job: withLogs({ ...job, leases }, logs, limit), logs };',
      to: 'return { job: { ...job, leases, pending: [...job.pending, ...expired.map(({ plannedAt }) => ({ plannedAt }))] }, logs };',
      killedBy: ['simulation'],
    },
    {
      name: 'keeps more records than logsLimit',
      from: '.slice(0, limit);',
      to: '.slice(0, limit + 99);',
      killedBy: ['simulation'],
    },
    {
      name: 'records a run whose process died as OK',
      from: "status: 'FAILURE',",
      to: "status: 'OK',",
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/catch-up.ts': [
    {
      name: 'ignores maxLateness',
      from: 'return now - time > cron.maxLateness * 1000;',
      to: 'return now - time > cron.maxLateness * 1e9;',
      killedBy: ['simulation'],
    },
    {
      name: 'records occurrences that are on time as missed',
      from: 'const run = timesToRun(cron, young, now);',
      to: 'const run = timesToRun(cron, young, now).slice(0, 0);',
      killedBy: ['simulation'],
    },
    {
      name: 'catches up one occurrence with missed: all',
      from: "if (cron.missed === 'all') return times.slice(-MAX_CATCH_UP);",
      to: "if (cron.missed === 'all') return times.slice(-1);",
      killedBy: ['simulation'],
    },
    {
      name: 'catches up no occurrence with missed: once',
      from: "return cron.missed === 'once' ? latest : latest",
      to: 'return latest',
      killedBy: ['simulation'],
    },
    {
      name: 'writes no record of a forced run that does not run',
      from: 'const forced = occurrences.filter((occurrence) => occurrence.forced !== undefined);',
      to: 'const forced = occurrences.filter((occurrence) => occurrence.forced === "");',
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
  'lib/core/domain/planned-times.ts': [
    {
      name: 'considers only the armed time due',
      from: 'const next = armed && nextByTiming(armed.timing, uid);',
      to: 'const next = armed && uid === armed.timing ? nextByTiming(armed.timing, uid) : undefined;',
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
      name: 'keeps the timer of an edited cron',
      from: 'if (job.armed?.timing !== timingOf(cron, settings))',
      to: 'if (!job.armed)',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the time zone of the crontab',
      from: 'const plannedAt = nextUnrecorded(cron, settings, alive.job, now);',
      to: "const plannedAt = nextUnrecorded(cron, { ...settings, timezone: 'UTC' }, alive.job, now);",
      killedBy: ['simulation'],
    },
    {
      name: 'removes the job of a removed cron during its run',
      from: 'if (!cron) return planForRemoved(job, now);',
      to: 'if (!cron) return { ...planForRemoved({ ...job, leases: [] }, now) };',
      killedBy: ['simulation'],
    },
  ],
};
