/** Mutants of the handlers: the order of effects, conflicts, repairs, and what is shown of a run. */
import type { MutantsByFile } from './mutants.ts';

export const HANDLER_MUTANTS: MutantsByFile = {
  'lib/core/engine/run.ts': [
    {
      name: 'arms the next occurrence after the run',
      from: 'await ports.queue.arm({ site, uid, plannedAt: decision.arm });',
      to: '',
      secondEdit: {
        from: 'await finishRun(own, claimed, lease, result);',
        to: `const { armed } = claimed.job;
  if (armed) await ports.queue.arm({ site: delivery.site, uid: delivery.uid, plannedAt: armed.plannedAt });
  await finishRun(own, claimed, lease, result);`,
      },
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the conflict of a claim',
      from: 'const job = await ports.store.saveJob(decision.job);',
      to: 'const job = (await ports.store.saveJob(decision.job)) ?? decision.job;',
      killedBy: ['simulation'],
    },
    {
      name: 'does not start a pending occurrence when the run ends',
      from: 'if (!job || !waiting || mustWait(job, cron)) return;',
      to: 'if (!job || !waiting || mustWait(job, cron) || true) return;',
      killedBy: ['simulation'],
    },
    {
      name: 'takes a lease that is a day too long',
      from: '...claim({ cron, settings, job, occurrence, now, runId, expiresAt })',
      to: '...claim({ cron, settings, job, occurrence, now, runId, expiresAt: expiresAt + 86_400_000 })',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/execute.ts': [
    {
      name: 'does not redact the message of an exception',
      from: 'const text = redact(words(error));',
      to: 'const text = words(error);',
      killedBy: ['simulation'],
    },
    {
      name: 'records a failed run as OK',
      from: "status: 'FAILURE', messages: [text]",
      to: "status: 'OK', messages: [text]",
      killedBy: ['simulation'],
    },
    {
      name: 'does not redact the messages that a runner returns',
      from: 'messages: messages.map(redact) };',
      to: 'messages };',
      killedBy: ['simulation'],
    },
    {
      name: 'does not redact the stack of an exception',
      from: 'stack: redact(String(error.stack))',
      to: 'stack: String(error.stack)',
      killedBy: ['simulation'],
    },
    {
      name: 'ignores the timeout of a run',
      from: 'const until = Math.min(began + cron.timeout * 1000, deadline - CLOSING_TIME);',
      to: 'const until = deadline - CLOSING_TIME;',
      killedBy: ['simulation'],
    },
    {
      name: 'never informs a run that it is late',
      from: 'late: forced === undefined && startedAt - plannedAt > GRACE_MS,',
      to: 'late: forced === undefined && started - at < 0,',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/project-parameter.ts': [
    {
      name: 'does not read the parameter again after projecting it',
      from: 'if (now?.modified === parameter?.modified) return true;',
      to: 'if (now || parameter || true) return true;',
      killedBy: ['simulation'],
    },
    {
      name: 'treats the change that it handles last as the latest',
      from: 'const { modified, version } = parameter;',
      to: 'const { version } = parameter;\n  const modified = ports.clock.now();',
      killedBy: ['simulation'],
    },
    {
      name: 'reads the projection of a removed parameter after it found the parameter absent',
      from: 'await applyReading(ports, key, known, parameter);',
      to: 'await applyReading(ports, key, (await ports.store.readProjection(key)) ?? known, parameter);',
      killedBy: ['simulation'],
    },
    {
      name: 'discards the last valid version when an edit is invalid',
      from: 'return lastGood ? {',
      to: 'return lastGood && !problems ? {',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/resync.ts': [
    {
      name: 'does not look for removed parameters in the resync',
      from: 'for (const site of sites) await attempt.run(() => projectUnlisted(ports, site, listed));',
      to: 'if (listed.size < 0) await projectUnlisted(ports, "", listed);',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/sweep.ts': [
    {
      name: 'ignores overdue crons in the sweep',
      from: 'await attempt.run(() => settle(ports, site, uid));',
      to: '',
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/sync.ts': [
    {
      name: 'does not redeliver an overdue occurrence',
      from: 'await ports.queue.deliver({ site, uid, ...plan.deliver });',
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
      name: 'settles an edit at once',
      from: 'await pMap(off, ({ uid }) => syncCron(ports, site, uid), { concurrency: AT_ONCE, stopOnError: false });',
      to: `await pMap(off, ({ uid }) => syncCron(ports, site, uid), { concurrency: AT_ONCE, stopOnError: false });
  if (crontab) await ports.store.settle({ site }, crontab);`,
      killedBy: ['simulation'],
    },
  ],
  'lib/core/engine/repair-timers.ts': [
    {
      name: 'does not compare timers',
      from: 'const now = ports.clock.now();',
      to: 'if (existing) return;\n  const now = ports.clock.now();',
      killedBy: ['simulation'],
    },
    {
      name: 'removes a timer that a run has just armed',
      from: 'nextTime(state, now) !== timer.plannedAt',
      to: 'nextTime(state, now) !== -1',
      killedBy: ['simulation'],
    },
    {
      name: 'does not arm a lost timer again',
      from: "if (kind === 'lost') report",
      to: 'if (timer) continue;\n      report',
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
      from: 'if (site && kind === SORT.crontab) return { site };',
      to: '',
      killedBy: ['simulation'],
    },
  ],
};
