/** Mutants of the protocol of a run: each takes one of its rules away. */
import type { MutantsByFile } from './mutants.ts';

export const PROTOCOL_MUTANTS: MutantsByFile = {
  'lib/core/engine/update-job.ts': [
    {
      name: 'gives every write of a job the same token',
      from: 'job: { ...decision.job, token: ports.random.id() }',
      to: "job: { ...decision.job, token: 'same' }",
      killedBy: ['exploration'],
    },
    {
      name: 'writes the records after the job instead of in one commit',
      from: 'if (await ports.store.commit(change.job, job.token, change.records)) return change;',
      to: `if (await ports.store.commit(change.job, job.token, [])) {
        const token = ports.random.id();
        await ports.store.commit({ ...change.job, token }, change.job.token, change.records);
        return { ...change, job: { ...change.job, token } };
      }`,
      killedBy: ['exploration'],
    },
    {
      name: 'ignores that another writer came first',
      from: 'if (await ports.store.commit(change.job, job.token, change.records)) return change;',
      to: `const { job: current } = await ports.store.read(site, uid);
      if (await ports.store.commit(change.job, current?.token, change.records)) return change;`,
      killedBy: ['exploration'],
    },
  ],
  'lib/core/engine/run.ts': [
    {
      name: 'claims an occurrence before it arms the next one',
      from: `    if (decided.arm !== undefined && (await arm(ports, { site, uid, plannedAt: decided.arm })))
      touched.add(decided.arm);
`,
      to: '',
      secondEdit: {
        from: "  return decision.kind === 'claimed' ? decision : ignore(ports, decision.reason);\n",
        to: `  if (decision.kind !== 'claimed') return ignore(ports, decision.reason);
  if (decision.arm !== undefined) await arm(ports, { site, uid, plannedAt: decision.arm });
  return decision;
`,
      },
      killedBy: ['exploration'],
    },
    {
      name: 'resumes the lease of another execution of the same request',
      from: 'const lease = job.leases.find(({ holder }) => holder === execution.holder);',
      to: 'const lease = job.leases.find(({ plannedAt }) => plannedAt === delivery.plannedAt);',
      likely: 'one-request-twice',
      killedBy: ['exploration'],
    },
    {
      name: 'does not read again after a claim without an answer',
      from: 'if (lease && lastClaim) return { ...lastClaim, job, lease };',
      to: '',
      killedBy: ['exploration'],
    },
    {
      name: 'does not start a claimed run if a timer cannot be removed',
      from: '  await removeLeftTimers(ports, decision.job, touched);\n',
      to: '  await disarmAllBut(ports.queue, decision.job, touched);\n',
      likely: 'edit-delivery',
      killedBy: ['exploration'],
    },
    {
      name: 'ends the process before it commits',
      from: '  const record = runRecord(owner, lease, ended, ports.clock.now());\n',
      to: `  if (settled !== undefined) endProcess?.();
  const record = runRecord(owner, lease, ended, ports.clock.now());
`,
      likely: 'given-up',
      killedBy: ['exploration'],
    },
  ],
  'lib/core/domain/reconcile.ts': [
    {
      name: 'starts a new job when a removed cron is added again',
      from: 'job: { ...dropped.job, timing: undefined, closedAt: now },',
      to: 'job: { ...dropped.job, timing: undefined, closedAt: now, decidedUntil: undefined, leases: [], recentForced: [] },',
      likely: 'remove-and-add-delivery',
      killedBy: ['exploration'],
    },
  ],
  'lib/core/domain/catch-up.ts': [
    {
      name: 'treats times within the grace as missed',
      from: 'const onTime = due.times.filter((time) => now - time <= GRACE_MS);',
      to: 'const onTime = due.times.filter((time) => now - time <= 60_000);',
      likely: 'two-times-within-the-grace',
      killedBy: ['exploration'],
    },
  ],
  'lib/core/domain/claim.ts': [
    {
      name: 'decides the times within the grace newest first',
      from: 'const joined = onTime.reduce<Joined>(',
      to: 'const joined = onTime.toReversed().reduce<Joined>(',
      likely: 'two-times-within-the-grace',
      killedBy: ['exploration'],
    },
  ],
};
