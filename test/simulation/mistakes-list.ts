/** Deliberate mistakes in what is planned, armed, projected and run. Those in what is claimed and told: mistakes-told.ts. */
import { type Mistake, one } from './mistake.ts';

export const MISTAKES_DONE: readonly Mistake[] = [
  {
    name: 'makes the next timer after the run',
    changes: [
      {
        file: 'handlers/run.ts',
        from: 'await ports.queue.arm({ site, uid, at: decision.arm });',
        to: '',
      },
      {
        file: 'handlers/run.ts',
        from: 'await end(own, claimed, lease, outcome);',
        to: `const { armed } = claimed.job;
  if (armed) await ports.queue.arm({ site: delivery.site, uid: delivery.uid, at: armed.at });
  await end(own, claimed, lease, outcome);`,
      },
    ],
  },
  one(
    'claims without a condition',
    'handlers/run.ts',
    'const job = await ports.store.saveJob(decision.job);',
    'const job = (await ports.store.saveJob(decision.job)) ?? decision.job;',
  ),
  one(
    'does not read the parameter again after it was projected',
    'handlers/project.ts',
    'if (now?.modified === parameter?.modified) return true;',
    'if (now || parameter || true) return true;',
  ),
  one(
    'trusts the order of events: what is handled last counts as the latest',
    'handlers/project.ts',
    'const { modified, version } = parameter;',
    'const { version } = parameter;\n  const modified = ports.clock.now();',
  ),
  one(
    'looks up what has gone after it was found absent',
    'handlers/project.ts',
    'await follow(ports, key, known, parameter);',
    'await follow(ports, key, (await ports.store.readProjection(key)) ?? known, parameter);',
  ),
  one(
    'skips what is overdue in the sweep',
    'handlers/sweep.ts',
    'await attempt.run(() => settle(ports, site, uid));',
    '',
  ),
  one(
    'does not compare timers',
    'handlers/timers.ts',
    'const now = ports.clock.now();',
    'if (existing) return;\n  const now = ports.clock.now();',
  ),
  one(
    'forgets the lease',
    'domain/claim.ts',
    'const leases = lease ? [...job.leases, lease] : job.leases;',
    'const { leases } = job;',
  ),
  one(
    'never ends the lease of a run that died',
    'domain/job.ts',
    'const expired = job.leases.filter((lease) => lease.expires <= now);',
    'const expired = job.leases.filter((lease) => lease.expires <= now && false);',
  ),
  one(
    'runs again what died',
    'domain/job.ts',
    'return { job: withLogs({ ...job, leases }, logs, limit), logs };',
    'return { job: { ...job, leases, pending: [...job.pending, ...expired.map(({ at }) => ({ at }))] }, logs };',
  ),
  one(
    'does not deliver again what is overdue',
    'handlers/sync.ts',
    'await ports.queue.deliver({ site, uid, ...plan.deliver });',
    '',
  ),
  one(
    'reckons the next time from the planned one, not from now',
    'domain/claim.ts',
    'const next = cron.next(until, settings.timezone);',
    'const next = cron.next(occurrence.at, settings.timezone);',
  ),
  one(
    'drops the late occurrences without a word',
    'domain/claim.ts',
    'const { run, notRun } = triage(cron, dueTimes(job, until), now);',
    'const { run } = triage(cron, dueTimes(job, until), now);\n  const notRun: never[] = [];',
  ),
  one(
    'takes the armed time for the only one that is due',
    'domain/planned.ts',
    'const next = armed && follower(armed.timing, uid);',
    'const next = armed && uid === armed.timing ? follower(armed.timing, uid) : undefined;',
  ),
  one(
    'ignores that the last run still goes on',
    'domain/claim.ts',
    ': running && (fresh.length > 0 || isHeld(job, cron))\n      ? whileRunning',
    ': running && job.leases.length > 99\n      ? whileRunning',
  ),
  one(
    'forgets what it should buffer',
    'domain/claim.ts',
    'return { run: undefined, pending: latest, dropped: [], reason: overlap(since) };',
    'return { run: undefined, pending: [], dropped: [], reason: overlap(since) };',
  ),
  one(
    'keeps every log',
    'domain/job.ts',
    '...job.logs.filter((log) => !ids.has(log.id))].slice(0, limit);',
    '...job.logs.filter((log) => !ids.has(log.id))].slice(0, limit + 99);',
  ),
  one(
    'leaves the timer of an edited cron as it is',
    'domain/reconcile.ts',
    'if (job.armed?.timing !== timingOf(cron, settings))',
    'if (!job.armed)',
  ),
  one(
    'does not remove the timer of an edited cron',
    'handlers/sync.ts',
    'if (plan.disarm !== undefined) touched.add(plan.disarm);',
    '',
  ),
  one(
    'settles an edit at once',
    'handlers/sync.ts',
    'await pMap(off, ({ uid }) => syncCron(ports, site, uid), { concurrency: AT_ONCE, stopOnError: false });',
    `await pMap(off, ({ uid }) => syncCron(ports, site, uid), { concurrency: AT_ONCE, stopOnError: false });
  if (crontab) await ports.store.settle({ site }, crontab);`,
  ),
  one(
    'lets an invalid edit take the last good version out of force',
    'handlers/project.ts',
    'return lastGood ? { modified, version, value: lastGood, problems } : { modified, version, problems };',
    'return lastGood && !problems ? { modified, version, value: lastGood, problems } : { modified, version, problems };',
  ),
  one(
    "looks at the cron's switch alone",
    'domain/planned.ts',
    'return cron.activated && settings.activated;',
    'return cron.activated;',
  ),
  one(
    "forgets the crontab's time zone",
    'domain/reconcile.ts',
    'const at = nextOpen(cron, settings, alive.job, now);',
    "const at = nextOpen(cron, { ...settings, timezone: 'UTC' }, alive.job, now);",
  ),
  one(
    'lets any lateness pass',
    'domain/missed.ts',
    'return now - time > cron.maxLateness * 1000;',
    'return now - time > cron.maxLateness * 1e9;',
  ),
  one(
    'shows what an exception says as it is',
    'handlers/execute.ts',
    'const text = redact(words(error));',
    'const text = words(error);',
  ),
  one(
    'removes the job of a cron that is gone while it runs',
    'domain/reconcile.ts',
    'if (!cron) return gone(job, now);',
    'if (!cron) return { ...gone({ ...job, leases: [] }, now) };',
  ),
  one(
    'does not look for what was removed while nobody told',
    'handlers/restore.ts',
    'for (const site of sites) await attempt.run(() => projectUnlisted(ports, site, listed));',
    'if (listed.size < 0) await projectUnlisted(ports, "", listed);',
  ),
  one(
    'runs a fixed time twice when the clock is put back',
    'domain/next-run.ts',
    'const shown = expression.fixed ? lastShown(zone.stretchesOf(day - 1)) : undefined;',
    'const shown = expression.fixed && day < 0 ? lastShown(zone.stretchesOf(day - 1)) : undefined;',
  ),
  one(
    'gives what waits no turn when the run ends',
    'handlers/run.ts',
    'if (!job || !waiting || isHeld(job, cron)) return;',
    'if (!job || !waiting || isHeld(job, cron) || true) return;',
  ),
  one(
    'reports a batch of records as done when some failed',
    'aws/sync-event.ts',
    'return (await succeeded) ? [] : [{ itemIdentifier }];',
    'return (await succeeded) || itemIdentifier ? [] : [{ itemIdentifier }];',
  ),
];
