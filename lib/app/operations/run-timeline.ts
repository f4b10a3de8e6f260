/** What happened to one occurrence, step by step, with the cause of each gap as far as the records show. */
import { iso } from '../../core/domain/iso.ts';
import type { Lease } from '../../core/domain/job.ts';
import { GRACE_MS, isForced, type Occurrence } from '../../core/domain/occurrence.ts';
import type { ReasonCode, RunRecord } from '../../core/domain/run-record.ts';
import { formatDuration } from './format-duration.ts';

export interface TimelineStep {
  readonly step: 'planned' | 'requested' | 'delivered' | 'claimed' | 'started' | 'ended' | 'decided' | 'next';
  /** Epoch milliseconds. */
  readonly at: number;
  /** Why it came so long after the step before it. */
  readonly cause?: string;
}

/** A run, in progress or ended, or an occurrence that did not run. */
export type Happened = Occurrence &
  Partial<Pick<RunRecord, 'reason' | 'startedAt' | 'endedAt' | 'wentOn'>> &
  Partial<Pick<Lease, 'deliveredAt' | 'claimedAt'>>;

/** What else is known of the cron. */
export interface Around {
  /** The run before it. */
  readonly previous?: RunRecord | undefined;
  /** The planned time after it. */
  readonly next?: number | undefined;
}

const SECOND = 1_000;
const MINUTE = 60_000;

export function runTimeline(run: Happened, { previous, next }: Around): TimelineStep[] {
  const { plannedAt, deliveredAt, claimedAt, startedAt, endedAt } = run;
  const steps: TimelineStep[] = [{ step: isForced(run) ? 'requested' : 'planned', at: plannedAt }];
  const add = (step: TimelineStep['step'], at: number | undefined, cause?: string) => {
    if (at !== undefined) steps.push({ step, at, ...(cause !== undefined && { cause }) });
  };
  add('delivered', deliveredAt, deliveryCause(run, previous));
  add('claimed', claimedAt, slow(deliveredAt, claimedAt, CLAIM));
  add('started', startedAt, slow(claimedAt, startedAt, START));
  add(claimedAt === undefined ? 'decided' : 'ended', endedAt, endCause(run));
  add('next', next);
  return steps;
}

const CLAIM = 'The claim was repeated, because another process changed the job or the table was slow.';
const START =
  'The start was announced and the secrets were read; a runner of your own may have waited for a free place.';
const REQUEST = 'The request waited in the queue of the function, or its first delivery failed.';
const PRECISION = 'A timer fires within a minute of its time.';
const REPEATED = 'The first delivery was lost or failed: a retry or the sweep repeated it.';
const CATCH_UP = 'It was found after the grace of five minutes, and caught up.';

function deliveryCause(run: Happened, previous: RunRecord | undefined): string | undefined {
  const { plannedAt, deliveredAt = plannedAt } = run;
  const delay = deliveredAt - plannedAt;
  if (delay <= SECOND) return undefined;
  const wasBusy =
    previous?.claimedAt !== undefined &&
    previous.claimedAt < deliveredAt &&
    previous.endedAt > plannedAt &&
    previous.endedAt <= deliveredAt + SECOND;
  if (wasBusy)
    return `It waited for the run of ${iso(previous.plannedAt)}, which ended ${iso(previous.endedAt)}.`;
  if (isForced(run)) return REQUEST;
  if (delay > GRACE_MS) return CATCH_UP;
  return delay > MINUTE ? REPEATED : PRECISION;
}

function slow(from: number | undefined, to: number | undefined, cause: string): string | undefined {
  return from !== undefined && to !== undefined && to - from > SECOND ? cause : undefined;
}

/** The message of the record has the details. */
const CAUSES: Partial<Record<ReasonCode, string>> = {
  stopped: 'A user stopped it.',
  missed:
    'It was found only after its time and the grace: nothing delivered it, or a later time took its place.',
  late: 'It waited longer than maxLateness of the cron allows.',
  overlap: 'Another run was in progress or waited, and the overlap of the cron lets no more run or wait.',
  off: 'The cron or its crontab was switched off.',
  edited: 'An edit or the removal of the cron took effect first.',
  refused: 'The run was refused before it could start.',
};

function endCause({ reason, wentOn }: Happened): string | undefined {
  if (reason === 'died')
    return 'Its process ended without a result: this was noticed when its lease had expired.';
  if (reason === 'timeout') {
    return wentOn ? 'Its time was up; it ignored that for a while.' : 'Its time was up: it was aborted.';
  }
  return reason && CAUSES[reason];
}

/** How long it took beside the usual, such as `4.2 s, usually 3.9 s`. */
export function durationText(ms: number, usualMs: number | undefined): string {
  const text = formatDuration(ms);
  return usualMs === undefined ? text : `${text}, usually ${formatDuration(usualMs)}`;
}
