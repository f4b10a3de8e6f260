/** Mutants of the handlers: the order of effects, conflicts, repairs, and what is shown of a run. */
import type { MutantsByFile } from './mutants.ts';

export const HANDLER_MUTANTS: MutantsByFile = {
  'lib/core/engine/run.ts': [
    {
      name: 'arms the next occurrence after the run',
      from: 'if (decided.arm !== undefined && (await arm(ports, { site, uid, plannedAt: decided.arm })))\n      touched.add(decided.arm);',
      to: '',
      secondEdit: {
        from: '  unwatch();\n',
        to: `  unwatch();
  const { armedAt } = claimed.job;
  if (armedAt !== undefined) await ports.queue.arm({ site, uid, plannedAt: armedAt });
`,
      },
      killedBy: ['simulation'],
    },
    {
      name: 'does not start a waiting occurrence when the run ends',
      from: 'if (!waiting || mustWait(job, cron)) return;',
      to: 'if (waiting || mustWait(job, cron)) return;',
      killedBy: ['simulation'],
    },
    {
      name: 'takes a lease by the id of its run for its own',
      from: 'const lease = job.leases.find(({ holder }) => holder === execution.holder);',
      to: 'const lease = job.leases.find(({ runId }) => runId === execution.runId);',
      killedBy: ['simulation'],
    },
    {
      name: 'takes a lease that is a day too long',
      from: 'expiresAt: deadline + LEASE_MARGIN_MS,',
      to: 'expiresAt: deadline + 86_400_000,',
      killedBy: ['simulation'],
    },
    {
      name: 'releases the lease without a record of the run',
      from: 'const change = await updateJob(ports, site, uid, releaseLease, known);',
      to: `const silently = (state: State, job: Job) => ({ job, ...releaseLease(state, job), records: [] });
    const change = await updateJob(ports, site, uid, silently, known);`,
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/update-job.ts': [
    {
      name: 'ignores the conflict of a claim',
      from: 'if (await ports.store.commit(change.job, job.token, change.records)) return change;',
      to: 'await ports.store.commit(change.job, job.token, change.records);\n      if (change) return change;',
      killedBy: ['simulation'],
    },
    {
      name: 'takes a commit without an answer for applied',
      from: 'if (!(error instanceof UnavailableError)) throw error;',
      to: 'if (!(error instanceof UnavailableError)) throw error;\n      if (unanswered) return unanswered;',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/execute.ts': [
    {
      name: 'does not redact the message of an exception',
      from: 'const text = redact(message);',
      to: 'const text = message;',
      killedBy: ['simulation'],
    },
    {
      name: 'records a failed run as OK',
      from: "status: 'FAILURE', ...(reason && { reason }), messages: [text]",
      to: "status: 'OK', ...(reason && { reason }), messages: [text]",
      killedBy: ['simulation'],
    },
    {
      name: 'does not redact the messages that a runner returns',
      from: 'messages: messages.map(work.redact), startedAt',
      to: 'messages, startedAt',
      killedBy: ['simulation'],
    },
    {
      name: 'does not redact the stack of an exception',
      from: 'stack: redact(stack)',
      to: 'stack',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the timeout of a run',
      from: 'const until = Math.min(startedAt + cron.timeout * 1000, deadline - CLOSING_TIME_MS);',
      to: 'const until = deadline - CLOSING_TIME_MS;',
      killedBy: ['simulation'],
    },
    {
      name: 'never informs a run that it is late',
      from: 'late: !isForced(lease) && claimedAt - plannedAt > GRACE_MS,',
      to: 'late: !isForced(lease) && claimedAt - plannedAt < 0,',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/project-parameter.ts': [
    {
      name: 'forgets a label before it is removed',
      from: '      await ports.registry.unlabelRejected(key, labelledVersion);\n      await ports.store.putProjection(key, unlabelled);\n',
      to: '      await ports.store.putProjection(key, unlabelled);\n      await ports.registry.unlabelRejected(key, labelledVersion);\n',
      likely: 'fixed-rejection',
      killedBy: ['exploration'],
    },
    {
      name: 'does not read the parameter again after projecting it',
      from: 'if (current?.modified === parameter?.modified) return true;',
      to: 'if (current || parameter || true) return true;',
      killedBy: ['simulation'],
    },
    {
      name: 'treats the change that it handles last as the latest',
      from: "const { modified, version } = parameter;\n  const result = attempt(() => validValue(ports, parameter));\n  if ('value'",
      to: "const { version } = parameter;\n  const modified = ports.clock.now();\n  const result = attempt(() => validValue(ports, parameter));\n  if ('value'",
      killedBy: ['simulation'],
    },
    {
      name: 'reads the projection of a removed parameter after it found the parameter absent',
      from: 'if (await applyReading(ports, key, known, parameter)) return;',
      to: `const later = (await ports.store.readProjection(key)) ?? known;
    if (await applyReading(ports, key, later, parameter)) return;`,
      killedBy: ['simulation'],
    },
    {
      name: 'discards the last valid version when an edit is invalid',
      from: 'if (!value) return {',
      to: 'if (!value || problems) return {',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/resync.ts': [
    {
      name: 'does not look for removed parameters in the resync',
      from: 'const project = (key: ParameterKey) => errors.run(() => projectParameter(ports, key, lagMs));',
      to: 'const project = async (key: ParameterKey) => void key;',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/sweep.ts': [
    {
      name: 'ignores overdue crons in the sweep',
      from: 'const crons = await reconcileSite(ports, site, errors);',
      to: 'const { crons } = await ports.store.readSite(site);',
      killedBy: ['simulation'],
    },
    {
      name: 'compares timers with the time after the jobs were read',
      from: 'await errors.run(() => repairTimers(ports, { ...timers, armed }, listAgain, errors));',
      to: `const listedAt = ports.clock.now() + 600_000;
  await errors.run(() => repairTimers(ports, { ...timers, armed, listedAt }, listAgain, errors));`,
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/sync.ts': [
    {
      name: 'does not redeliver an overdue occurrence',
      from: 'await queue.deliver({ site, uid, ...occurrence });',
      to: '',
      killedBy: ['simulation'],
    },
    {
      name: 'does not remove the timer of an edited cron',
      from: 'if (plan.disarm !== undefined) touched.add(plan.disarm);',
      to: '',
      killedBy: ['simulation'],
    },
    {
      name: 'commits an edit before it arms its timer',
      from: `if (plan.arm !== undefined) {
      await ports.queue.arm({ site, uid, plannedAt: plan.arm });
      touched.add(plan.arm);
    }`,
      to: '',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/repair-timers.ts': [
    {
      name: 'does not compare timers',
      from: 'await pMap(lost, create, { concurrency: CONCURRENCY });\n  await pMap(surplus, remove, { concurrency: CONCURRENCY });',
      to: 'await pMap([], create);\n  await pMap([], remove);',
      killedBy: ['simulation'],
    },
    {
      name: 'does not arm a lost timer again',
      from: '  await ports.queue.arm(timer);',
      to: '',
      killedBy: ['simulation'],
    },
    {
      name: 'removes a timer without reading its job again',
      from: 'if (state.unreadable !== undefined || !isSurplus(state, timer, listedAt)) return;',
      to: 'if (listedAt < 0 && !isSurplus(state, timer, listedAt)) return;',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/domain/compare-timers.ts': [
    {
      name: 'removes a timer that a run has just armed',
      from: 'nextTime(state, now) !== timer.plannedAt',
      to: 'nextTime(state, now) !== -1',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/publish-events.ts': [
    {
      name: 'fails when the bus rejects events',
      from: '} catch (error) {',
      to: '} catch (error) {\n    throw error;',
      killedBy: ['simulation'],
    },
  ],
  'lib/adapters/aws/sync-event.ts': [
    {
      name: 'reports a failed stream record as handled',
      from: 'return (await succeeded) ? [] : [{ itemIdentifier }];',
      to: 'return (await succeeded) || itemIdentifier ? [] : [{ itemIdentifier }];',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores stream records of crontabs',
      from: 'if (site && sk === SORT.crontab) return { site };',
      to: '',
      killedBy: ['simulation'],
    },
  ],
};
