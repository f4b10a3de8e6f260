/** Looks whether there is a timer for each armed time and for nothing else, and whether anybody looks after the rest. */

import type { Finding } from '../../core/domain/finding.ts';
import { nextCheckTime } from '../../core/domain/job.ts';
import { iso } from '../../core/domain/log.ts';
import { describeKey, type ParameterKey, type Timer, timerName } from '../../core/domain/names.ts';
import { type ComparedPorts, timerDifferences } from '../../core/engine/repair-timers.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';

type SweepPorts = Pick<OperationPorts, 'store' | 'clock'>;

/** Twice as long as the sweep of a deployment takes to come round. */
const SWEPT_BY_THEN = 600_000;

/** The timers that the sweep would make or remove. */
export async function examineTimers(ports: ComparedPorts): Promise<Finding[]> {
  const findings: Finding[] = [];
  for await (const { kind, timer } of timerDifferences(ports)) {
    if (kind === 'lost') findings.push(lostTimer(timer));
    if (kind === 'surplus') findings.push(surplusTimer(timer));
  }
  return findings;
}

function lostTimer(timer: Timer): Finding {
  const what = `${describeKey(timer)} is armed for ${iso(timer.plannedAt)}, and there is no timer.`;
  return { code: 'timer-lost', key: keyOf(timer), what, fix: 'Let --fix make it.', fixable: true };
}

function surplusTimer(timer: Timer): Finding {
  const what = `The timer ${timerName(timer)} belongs to no job.`;
  return { code: 'timer-surplus', key: keyOf(timer), what, fix: 'Let --fix remove it.', fixable: true };
}

/** What a sweep should have healed by now. */
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
      what: `${describeKey(key)} waits to be looked at${since}, and no sweep did it.`,
      fix: 'Let --fix sweep. If it comes again, look at the lines of the sync function.',
      fixable: true,
    });
  }
  return findings;
}

function keyOf({ site, uid }: Timer): ParameterKey {
  return { site, uid };
}
