/** Looks whether there is a timer for each armed time and for nothing else, and whether anybody looks after the rest. */
import type { Finding } from '../../core/domain/finding.ts';
import { nextCheckTime } from '../../core/domain/job.ts';
import { iso } from '../../core/domain/log.ts';
import { describeKey, type ParameterKey, type Timer, timerName } from '../../core/domain/names.ts';
import type { OperationPorts } from '../operations/ports.ts';

type TimerPorts = Pick<OperationPorts, 'store' | 'clock'>;

/** A timer of the last minutes may be on its way out, one of the next on its way in. */
const PASSING = 600_000;
/** Twice as long as the sweep of a deployment takes to come round. */
const SWEPT_BY_THEN = 600_000;

/** What is wrong with the timers that exist, compared with those that jobs count on. */
export async function examineTimers(
  { store, clock }: TimerPorts,
  timers: AsyncIterable<Timer>,
): Promise<Finding[]> {
  const existing = new Map<string, Timer>();
  for await (const timer of timers) existing.set(timerName(timer), timer);
  const findings: Finding[] = [];
  const now = clock.now();
  for await (const armed of store.armed()) {
    const isThere = existing.delete(timerName(armed));
    if (isThere || armed.plannedAt <= now || (await isChanged(store, armed))) continue;
    const what = `${describeKey(armed)} is armed for ${iso(armed.plannedAt)}, and there is no timer.`;
    findings.push({
      code: 'timer-lost',
      key: keyOf(armed),
      what,
      fix: 'Let --fix make it.',
      fixable: true,
    });
  }
  for (const timer of existing.values()) {
    if (Math.abs(timer.plannedAt - now) < PASSING) continue;
    const what = `The timer ${timerName(timer)} belongs to no job.`;
    findings.push({
      code: 'timer-surplus',
      key: keyOf(timer),
      what,
      fix: 'Let --fix remove it.',
      fixable: true,
    });
  }
  return findings;
}

/** What a sweep should have healed by now. */
export async function examineSweep({ store, clock }: TimerPorts): Promise<Finding[]> {
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

/** The list of armed times may be a little behind. */
async function isChanged(store: TimerPorts['store'], { site, uid, plannedAt }: Timer): Promise<boolean> {
  const { job } = await store.read(site, uid);
  return job?.armed?.plannedAt !== plannedAt;
}

function keyOf({ site, uid }: Timer): ParameterKey {
  return { site, uid };
}
