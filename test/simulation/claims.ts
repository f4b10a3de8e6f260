/** What follows from a claim, as the judge sees it: a lease that ends, a run that is carried out, an end that is told. */
import type { Delivery, Job, Lease } from '../../lib/domain/job.ts';
import type { Log, Status } from '../../lib/domain/log.ts';
import { CLOCKS_DIFFER, type Definition, MINUTE } from './definition.ts';
import { type Finding, look } from './finding.ts';
import type { Process } from './lambda.ts';
import { stamp } from './story.ts';
import type { End, Played } from './task.ts';
import type { Watched } from './watched.ts';

/** No process lives longer, so no lease may last longer. */
export const LONGEST_LEASE = 15 * MINUTE;

const STATUS: Readonly<Record<End, Status>> = {
  'returned nothing': 'OK',
  'returned words': 'WARN',
  failed: 'FAILURE',
  'was given up': 'FAILURE',
  died: 'FAILURE',
};

export function lookAtLease({ runId, started, expires }: Lease): Finding {
  const seconds = (expires - started) / 1000;
  return look('a lease ends', expires - started > LONGEST_LEASE, `that of ${runId} lasts ${seconds} s`);
}

/** The record of a run says how it ended, or that it ended without a word when its lease had run out. */
export function lookAtStatus({ status, runId = '', date }: Log, before: Job | undefined, end?: End): Finding {
  const expected = end === undefined ? 'FAILURE' : STATUS[end];
  const lease = before?.leases.find((one) => one.runId === runId);
  const isDead = lease !== undefined && lease.expires <= date && status === 'FAILURE';
  const message = `${runId} ${end ?? 'never started'}, and its log says ${status}`;
  return look('a log says how the run ended', status !== expected && !isDead, message);
}

/** A process that claimed a run, and neither died nor was left without an answer, has tried to run it. */
export function lookAtClaim(process: Process, runId: string, { running, ends, recorded }: Watched): Finding {
  const wasTried = running.has(runId) || ends.has(runId) || recorded.has(runId);
  const isWrong = !wasTried && !process.made.has('secrets.read');
  return look('what is claimed is carried out', isWrong, `${runId} was claimed and never started`);
}

/** A run ends within its time, unless its process died. */
export function lookAtEnd(
  { started, runId }: Played,
  end: End,
  { timeout }: Definition,
  now: number,
): Finding {
  const lasted = now - started;
  const isWrong = end !== 'died' && lasted > timeout * 1000 + CLOCKS_DIFFER;
  return look('a run ends within its timeout', isWrong, `${runId} lasted ${lasted / 1000} s of ${timeout} s`);
}

/** Somebody's delivery was handled without an error, while the cron stood as it does. */
export function lookAtDelivery(
  { at, forced }: Delivery,
  { running, ends, recorded, subject }: Watched,
  job: Job | undefined,
): Finding {
  if (forced === undefined) {
    const isArmed = job?.armed !== undefined && job.armed.at <= at;
    return look(
      'a delivery moves its job on',
      isArmed,
      `it is still armed for ${stamp(job?.armed?.at ?? 0)}`,
    );
  }
  const isKnown = running.has(forced) || ends.has(forced) || recorded.has(forced);
  const isHeld = [...(job?.pending ?? []), ...(job?.leases ?? [])].some((one) => one.forced === forced);
  // Its record may not have fitted beside others of the same moment.
  const isTrimmed =
    job?.logs.length === subject.inForce?.logsLimit && (job?.logs ?? []).every(({ date }) => date >= at);
  return look(
    'what was asked for is dealt with',
    !isKnown && !isHeld && !isTrimmed,
    `${forced} left no trace`,
  );
}
