/** What `why` says about a cron that has converged agrees with what the oracle has seen and what the user intends. */
import { Cron } from '../../lib/core/domain/cron.ts';
import { loadCron } from '../../lib/core/domain/cron-schema.ts';
import { loadCrontabSettings } from '../../lib/core/domain/crontab-schema.ts';
import { attempt } from '../../lib/core/domain/errors.ts';
import { type PastVersion, type Verdict, why } from '../../lib/core/forecast/why.ts';
import type { Version } from '../../lib/core/ports/registry.ts';
import { MINUTE } from './durations.ts';
import type { IntendedCron, IntendedCrontab } from './intent.ts';
import { checkInvariant, type InvariantCheck } from './invariant-check.ts';
import type { MemoryRegistry } from './memory-registry.ts';
import type { MemoryStore } from './memory-store.ts';
import { nextOccurrence } from './reference-schedule.ts';
import { formatTime } from './trace.ts';
import type { TrackedCron } from './tracked-cron.ts';

export interface Explained {
  readonly cron: TrackedCron;
  readonly registry: MemoryRegistry;
  readonly store: MemoryStore;
  readonly crontab: IntendedCrontab;
  readonly now: number;
}

const INVARIANT = 'why agrees with what happened and is going to happen';
/** So many of the newest records are asked about. */
const RECORDS = 10;

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
  const future = intent ? futureTimes(explained, intent) : [[now + MINUTE, 'absent'] as const];
  return [...past, ...future.map(([time, verdict]) => check(time, [verdict]))];
}

/** The next planned time, and the minute after it. */
function futureTimes(
  { cron, crontab, now }: Explained,
  intent: IntendedCron,
): (readonly [number, Verdict])[] {
  const schedule = {
    periodicity: intent.periodicity,
    timezone: intent.timezone ?? crontab.timezone ?? 'UTC',
  };
  const first = nextOccurrence(schedule, Math.max(now, ...cron.executed) + MINUTE);
  if (first === undefined) return [];
  const isOn = intent.activated && crontab.activated;
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
