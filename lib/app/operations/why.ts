/** Reads what is known of a cron at a time, and explains what happened then, or is going to happen. */
import { Cron } from '../../core/domain/cron.ts';
import { loadCron } from '../../core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import { usualDuration } from '../../core/domain/durations.ts';
import { attempt } from '../../core/domain/errors.ts';
import { logOf } from '../../core/domain/log.ts';
import { cronNotFound } from '../../core/domain/not-found.ts';
import { settingsInForce } from '../../core/domain/projection.ts';
import type { PastVersion } from '../../core/forecast/past-version.ts';
import { type Why, why } from '../../core/forecast/why.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Version } from '../../core/ports/registry.ts';
import { weekdayTime } from './local-time.ts';
import { runsBefore } from './runs-before.ts';

export interface WhyAnswer extends Why {
  /** The time that was asked about, in epoch milliseconds. */
  readonly time: number;
  /** The time zone of the schedule: that of the cron, or that of the crontab. */
  readonly effectiveTimezone: string;
}

export type WhyPorts = Pick<OperationPorts, 'store' | 'registry' | 'runners' | 'clock'>;

/** So many of the newest records make the usual duration. */
const USUAL = 25;
/** A minute has at most so many records: its planned time and the requests that are accepted. */
const MAX_RECORDS = 20;

/**
 * Why the cron ran, did not run or will run in the minute of `time`, in epoch milliseconds. The times of the
 * texts are in `shownZone`, by default in the time zone of the schedule. One read, two queries, and the
 * histories of the cron and of the settings; at most five queries more for the last good run before one. Throws NotFoundError if there has never been such a cron.
 */
export async function explain(
  { store, registry, runners, clock }: WhyPorts,
  site: string,
  uid: string,
  time: number,
  shownZone?: string,
): Promise<WhyAnswer> {
  const minute = Math.floor(time / 60_000) * 60_000;
  const [state, definitions, settings, { records }, newest] = await Promise.all([
    store.read(site, uid),
    registry.history({ site, uid }),
    registry.history({ site }),
    store.records(site, uid, { limit: MAX_RECORDS, since: minute, oldestFirst: true }),
    store.records(site, uid, { limit: USUAL }),
  ]);
  const { cron: projection, crontab, job } = state;
  if (!projection && definitions.length === 0) throw cronNotFound({ site, uid });
  const read = (text: string) => loadCron(text, { uid, site, runners, anyRunnerWhileOff: true });
  const versions = definitions.map((version) => pastVersion(version, read));
  // The last valid version may be older than those that are kept.
  const kept = versions.every(({ value }) => value === undefined) ? projection?.value : undefined;
  const timezone = projection?.value?.timezone ?? settingsInForce(crontab).timezone;
  const hasRecord = records.some(({ plannedAt }) => plannedAt < minute + 60_000);
  const { good: lastGood } = hasRecord
    ? await runsBefore(store, { site, uid }, { plannedAt: minute }, newest)
    : {};
  const answer = why({
    time,
    now: clock.now(),
    definitions: kept ? [...versions, { since: Number.NEGATIVE_INFINITY, value: new Cron(kept) }] : versions,
    isWhole: definitions.at(-1)?.version === 1,
    settings: settings.map((version) => pastVersion(version, loadCrontabSettings)),
    removedAt: definitions.length === 0 ? projection?.removedAt : undefined,
    records,
    lastGood,
    job,
    usualMs: usualDuration(newest.records.map(logOf)),
    timeText: (instant) => weekdayTime(instant, shownZone ?? timezone),
  });
  return { ...answer, time, effectiveTimezone: timezone };
}

function pastVersion<Value>(
  { value: text, modified, author }: Version,
  read: (text: string) => Value,
): PastVersion<Value> {
  const loaded = attempt(() => read(text));
  return { since: modified, author, ...('value' in loaded && { value: loaded.value }) };
}
