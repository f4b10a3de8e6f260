/** What `why` says about a cron that has converged agrees with what the oracle has seen and what the user intends. */
import { Cron } from '../../lib/core/domain/cron.ts';
import { loadCron } from '../../lib/core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../lib/core/domain/crontab-schema.ts';
import { attempt } from '../../lib/core/domain/errors.ts';
import type { PastVersion } from '../../lib/core/forecast/past-version.ts';
import { type Verdict, why } from '../../lib/core/forecast/why.ts';
import type { Version } from '../../lib/core/ports/registry.ts';
import { HOUR, MINUTE } from './durations.ts';
import { DEFAULT_CRONTAB, type IntendedCron, type IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';
import { isOccurrence, nextOccurrence, type Schedule } from './reference-schedule.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';
import type { TrackedParameter } from './tracked-parameter.ts';

export interface Explained {
  readonly cron: TrackedCron;
  readonly registry: MemoryRegistry;
  readonly store: MemoryStore;
  readonly crontab: TrackedParameter<IntendedCrontab>;
  readonly now: number;
}

const INVARIANT = 'why agrees with what happened and is going to happen';
/** So many of the newest records are asked about. */
const RECORDS = 10;
/** Times of the past that are asked about, each with the first planned time after it. */
const HOURS_AGO = [0.1, 0.4, 1, 2, 3.5, 6, 9, 13, 18, 23];

export function checkWhy(explained: Explained): InvariantCheck[] {
  const { cron, store, now } = explained;
  const { site, uid } = cron.key;
  const background = backgroundOf(explained);
  const check = (time: number, expected: readonly Verdict[]) => {
    const since = Math.floor(time / MINUTE) * MINUTE;
    const { records } = store.records(site, uid, { limit: 20, since, oldestFirst: true });
    const { verdict, text } = why({ ...background, time, records });
    const message = () => `At ${formatTime(time)} it is ${verdict}, not ${expected.join(' or ')}: ${text}`;
    return checkInvariant(INVARIANT, !expected.includes(verdict), message);
  };
  const past = store.records(site, uid, { limit: RECORDS }).records.map(({ plannedAt, forced, status }) =>
    // A planned time of the same minute hides a request.
    check(
      plannedAt,
      forced === undefined ? [status === 'NOTRUN' ? 'did-not-run' : 'ran'] : ['ran', 'did-not-run'],
    ),
  );
  const intent = cron.parameter.inForce;
  const future = intent
    ? futureTimes(explained, intent)
    : [[now + MINUTE, 'absent'] as const satisfies Expected];
  const minutes = unrecordedMinutes(explained, background.isWhole);
  return [...past, ...[...minutes, ...future].map(([time, ...verdicts]) => check(time, verdicts))];
}

/** A time, and what may be said about it. */
type Expected = readonly [number, ...Verdict[]];

/** Past minutes of the last day that have no run record of their own: planned ones and others. */
function unrecordedMinutes({ cron, crontab, store, now }: Explained, isWhole: boolean): Expected[] {
  const { site, uid } = cron.key;
  if (!cron.parameter.current || !isWhole) return [];
  const { job } = store.read(site, uid);
  const expected = (minute: number): Expected[] => {
    const { records } = store.records(site, uid, { limit: 20, since: minute, oldestFirst: true });
    const isIn = ({ plannedAt }: { readonly plannedAt: number }) =>
      Math.floor(plannedAt / MINUTE) * MINUTE === minute;
    if (
      minute + MINUTE > now ||
      [...records, ...(job?.leases ?? []), ...(job?.waitingForced ?? [])].some(isIn)
    )
      return [];
    const intent = cron.parameter.intentAt(minute);
    if (!intent) return [[minute, 'absent']];
    const settings = crontab.intentAt(minute) ?? DEFAULT_CRONTAB;
    const schedule = scheduleOf(intent, settings);
    if (!isOccurrence(schedule, minute)) return [[minute, 'not-planned']];
    if (records.some(({ covers, plannedAt }) => covers && covers.from <= minute && minute <= plannedAt))
      return [[minute, 'did-not-run']];
    const isOn = intent.activated && settings.activated;
    return [[minute, ...(isOn ? (['due', 'waits', 'unknown'] as const) : (['off', 'waits'] as const))]];
  };
  return HOURS_AGO.flatMap((hours) => {
    const time = Math.floor((now - hours * HOUR) / MINUTE) * MINUTE;
    const intent = cron.parameter.intentAt(time);
    const planned =
      intent && nextOccurrence(scheduleOf(intent, crontab.intentAt(time) ?? DEFAULT_CRONTAB), time);
    return [time, ...(planned === undefined ? [] : [planned])].flatMap(expected);
  });
}

function scheduleOf({ periodicity, timezone }: IntendedCron, settings: IntendedCrontab): Schedule {
  return { periodicity, timezone: timezone ?? settings.timezone };
}

/** The next planned time, and the minute after it. */
function futureTimes({ cron, crontab, now }: Explained, intent: IntendedCron): Expected[] {
  const settings = crontab.inForce ?? DEFAULT_CRONTAB;
  const schedule = scheduleOf(intent, settings);
  const first = nextOccurrence(schedule, Math.max(now, ...cron.executed) + MINUTE);
  if (first === undefined) return [];
  const isOn = intent.activated && settings.activated;
  const second = nextOccurrence(schedule, first);
  return [
    [first, isOn ? 'will-run' : 'off'],
    ...(second === first + MINUTE ? [] : [[first + MINUTE, 'not-planned'] as const]),
  ];
}

/** What is asked about, without the time and the records. */
function backgroundOf({ cron: { key }, registry, store, now }: Explained) {
  const { site, uid } = key;
  const { cron: projection, job } = store.read(site, uid);
  const versions = registry.history(key);
  const definitions = versions.map((version) => past(version, (value) => loadCron(value, { uid, site })));
  const isKnown = definitions.some(({ value }) => value !== undefined);
  const kept = isKnown ? undefined : projection?.value;
  return {
    now,
    definitions: kept
      ? [...definitions, { since: Number.NEGATIVE_INFINITY, value: new Cron(kept) }]
      : definitions,
    isWhole: versions.at(-1)?.version === 1,
    settings: registry.history({ site }).map((version) => past(version, loadCrontabSettings)),
    removedAt: versions.length === 0 ? projection?.removedAt : undefined,
    job,
    timeText: formatTime,
  };
}

function past<Value>({ value: text, modified }: Version, read: (text: string) => Value): PastVersion<Value> {
  const loaded = attempt(() => read(text));
  return { since: modified, ...('value' in loaded && { value: loaded.value }) };
}
