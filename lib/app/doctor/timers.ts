/** Checks that each armed time has a timer, that no other timers exist, and that the sweep keeps up. */
import { compareTimers, isArmedFor, isSurplus } from '../../core/domain/compare-timers.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { iso } from '../../core/domain/iso.ts';
import { type Job, overdueTime } from '../../core/domain/job.ts';
import { describeKey, type ParameterKey, type Timer, timerName } from '../../core/domain/names.ts';
import { IMMINENT_MS } from '../../core/engine/repair-timers.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Queue } from '../../core/ports/queue.ts';

type TimerPorts = Pick<OperationPorts, 'store' | 'clock'>;

/** Twice the interval of a deployment's sweep, in milliseconds. */
const SWEPT_BY_THEN_MS = 600_000;

/** Whether a sweep should have repaired the job by now. */
export function isSweepOverdue(job: Job, now: number): boolean {
  const due = overdueTime(job);
  return due !== undefined && due <= now - SWEPT_BY_THEN_MS;
}

/** The timers that the sweep would create or remove. */
export async function examineTimers(
  { store, clock }: TimerPorts,
  timers: Queue['timers'],
): Promise<Finding[]> {
  const existing = await Array.fromAsync(timers());
  const now = clock.now();
  const jobs = await readJobs(store);
  const armed = jobs.flatMap(({ site, uid, armedAt }) =>
    armedAt === undefined ? [] : [{ site, uid, plannedAt: armedAt }],
  );
  const { lost, surplus } = compareTimers(existing, armed, now);
  const findings: Finding[] = [];
  for (const timer of lost) {
    const isImminent = timer.plannedAt <= now + IMMINENT_MS;
    if (isImminent || !isArmedFor(await store.read(timer.site, timer.uid), timer)) continue;
    // It may have been created while the timers were listed.
    const names = await Array.fromAsync(timers(timer), timerName);
    if (!names.includes(timerName(timer))) findings.push(lostTimer(timer));
  }
  for (const timer of surplus) {
    if (isSurplus(await store.read(timer.site, timer.uid), timer, now)) findings.push(surplusTimer(timer));
  }
  return findings;
}

/** Jobs that a sweep should have repaired by now. */
export async function examineSweep({ store, clock }: TimerPorts): Promise<Finding[]> {
  const now = clock.now();
  return (await readJobs(store)).flatMap((job) => {
    const { site, uid } = job;
    const due = overdueTime(job);
    if (due === undefined || !isSweepOverdue(job, now)) return [];
    const what = `${describeKey(job)} has been overdue since ${iso(due)}, and no sweep repaired it.`;
    const fix = 'Let --fix sweep. If it happens again, read the log of the sync function.';
    return [{ code: 'sweep-overdue', key: { site, uid }, what, fix, fixable: true }];
  });
}

async function readJobs(store: TimerPorts['store']) {
  const sites = await store.sites();
  const states = await Promise.all(sites.map((site) => store.readSite(site)));
  return states.flatMap(({ crons }) => crons.flatMap(({ job }) => job ?? []));
}

function lostTimer(timer: Timer): Finding {
  const what = `${describeKey(timer)} is armed for ${iso(timer.plannedAt)}, but has no timer.`;
  return { code: 'timer-lost', key: keyOf(timer), what, fix: 'Let --fix create it.', fixable: true };
}

function surplusTimer(timer: Timer): Finding {
  const what = `The timer ${timerName(timer)} belongs to no job.`;
  return { code: 'timer-surplus', key: keyOf(timer), what, fix: 'Let --fix remove it.', fixable: true };
}

function keyOf({ site, uid }: Timer): ParameterKey {
  return { site, uid };
}
