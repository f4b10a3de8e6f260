/**
 * The optimistic-concurrency loop of every change of a job: read, decide, commit if no other writer has committed since, and
 * otherwise begin again with backoff.
 */
import { UnavailableError, UnreadableError } from '../domain/errors.ts';
import { type Job, newJob } from '../domain/job.ts';
import type { JobChange } from '../domain/lease.ts';
import { cronInForce, settingsInForce } from '../domain/projection.ts';
import type { RunRecord } from '../domain/run-record.ts';
import { pause } from '../ports/clock.ts';
import type { State } from '../ports/store.ts';
import type { Ports } from './ports.ts';

export type UpdateJobPorts = Pick<Ports, 'store' | 'clock' | 'random'>;

/** Milliseconds between two attempts; some ten seconds in all. */
const BACKOFF_MS = [20, 50, 100, 200, 400, 800, 1_600, 3_200, 4_000];

/**
 * Decides by the latest state and commits the decision with a new token. Returns the committed decision, or that of
 * `decide` if it changes nothing. A commit whose answer was lost is recognized by its token. `decide` is called once for each
 * attempt. The first attempt uses the state `known` instead of a read, if it is given: then only a decision that changes the
 * job is certain. Throws UnavailableError if no attempt succeeds, although a commit may have been applied; UnreadableError
 * if this version cannot read the state.
 */
export async function updateJob<Decision extends JobChange | undefined>(
  ports: UpdateJobPorts,
  site: string,
  uid: string,
  decide: (state: State, job: Job) => Promise<Decision> | Decision,
  known?: State,
): Promise<Decision> {
  let seen = known;
  // A commit may be applied late, after another one was refused for it.
  const tried: (Decision & JobChange)[] = [];
  let cause: unknown;
  // The job may well have changed since it was known.
  for (const delay of [...(known ? [0] : []), ...BACKOFF_MS, undefined]) {
    try {
      const state = seen ?? (await ports.store.read(site, uid));
      seen = undefined;
      if (state.unreadable !== undefined) throw new UnreadableError(site, uid, state.unreadable);
      const job = state.job ?? newJob(site, uid);
      const applied = tried.find((change) => change.job.token === job.token);
      if (applied) return applied;
      const decision = await decide(state, job);
      if (!decision || decision.job === job) return decision;
      const records = keptLongEnough(state, decision.records, ports.clock.now());
      const change = { ...decision, records, job: { ...decision.job, token: ports.random.id() } };
      tried.push(change);
      if (await ports.store.commit(change.job, job.token, change.records)) return change;
      cause = undefined;
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
      cause = error;
    }
    if (delay) await pause(ports.clock, delay);
  }
  const reason = cause instanceof Error ? `: ${cause.message}` : ': others changed it at every attempt.';
  throw new UnavailableError(`The job of ${site}/${uid} could not be written${reason}`, { cause });
}

/** The newest records of a cron outlive the retention: as many as `logsLimit`, until one more occurrence is due. */
function keptLongEnough(
  { cron, crontab }: State,
  records: readonly RunRecord[],
  now: number,
): readonly RunRecord[] {
  const current = records.length > 0 ? cronInForce(cron) : undefined;
  if (!current) return records;
  const { timezone } = settingsInForce(crontab);
  let keepUntil: number | undefined = now;
  for (let times = 0; times <= current.logsLimit && keepUntil !== undefined; times++) {
    keepUntil = current.next(keepUntil, timezone);
  }
  return records.map((record) => ({ ...record, keepUntil: keepUntil ?? Number.MAX_SAFE_INTEGER }));
}
