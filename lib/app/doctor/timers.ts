/** Checks that each armed time has a timer, that no other timers exist, and that the sweep keeps up. */
import type { Finding } from '../../core/domain/finding.ts';
import { nextCheckTime } from '../../core/domain/job.ts';
import { iso } from '../../core/domain/log.ts';
import { describeKey, type ParameterKey, type Timer, timerName } from '../../core/domain/names.ts';
import { type ComparedPorts, timerDifferences } from '../../core/engine/repair-timers.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

type SweepPorts = Pick<OperationPorts, 'store' | 'clock'>;

/** Twice the interval of a deployment's sweep. */
const SWEPT_BY_THEN = 600_000;

/** The timers that the sweep would create or remove. */
export async function examineTimers(ports: ComparedPorts): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { kind, timer } of timerDifferences(ports)) {
    if (kind === 'lost') findings.push(lostTimer(timer));
    if (kind === 'surplus') findings.push(surplusTimer(timer));
  }
  return findings;
}

function lostTimer(timer: Timer): Finding {
  const what = `${describeKey(timer)} is armed for ${iso(timer.plannedAt)}, but has no timer.`;
  return { code: 'timer-lost', key: keyOf(timer), what, fix: 'Let --fix create it.', fixable: true };
}

function surplusTimer(timer: Timer): Finding {
  const what = `The timer ${timerName(timer)} belongs to no job.`;
  return { code: 'timer-surplus', key: keyOf(timer), what, fix: 'Let --fix remove it.', fixable: true };
}

/** Jobs that a sweep should have repaired by now. */
export async function examineSweep({ store, clock }: SweepPorts): Promise<Finding[]> {
  const now = clock.now();
  const findings: Finding[] = [];
  for await (const key of store.overdue(now - SWEPT_BY_THEN)) {
    const { job } = key.uid === undefined ? {} : await store.read(key.site, key.uid);
    const due = job && nextCheckTime(job);
    const since = due === undefined ? '' : ` since ${iso(due)}`;
    findings.push({
      code: 'sweep-overdue',
      key,
      what: `${describeKey(key)} is due for a sweep${since}, but no sweep checked it.`,
      fix: 'Let --fix sweep. If it happens again, read the log of the sync function.',
      fixable: true,
    });
  }
  return findings;
}

function keyOf({ site, uid }: Timer): ParameterKey {
  return { site, uid };
}
