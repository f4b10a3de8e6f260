/**
 * Why a cron ran, did not run, or will run at a time: one paragraph, and the facts under it. A pure function of its history,
 * its run records, its job and its forecast, for any time of the past or the future.
 */
import type { Cron } from '../domain/cron.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../domain/crontab-settings.ts';
import type { Job } from '../domain/job.ts';
import { messagesWithTimes, withTimes } from '../domain/messages-with-times.ts';
import { isForced } from '../domain/occurrence.ts';
import { type RunRecord, recordId } from '../domain/run-record.ts';
import { isActive } from '../domain/timing.ts';
import { plannedRuns, reasonOf } from './cron-forecast.ts';
import { exclusionOf, shiftOf } from './exclusion.ts';
import { inForceAt, type PastVersion } from './past-version.ts';

/**
 * `ran`, `did-not-run`: a run record says so. `running`, `waits`: the job says so. `due`: its delivery is awaited.
 * `will-run`, `may-not-run`: it is planned, and the run before it would have ended, or not. `not-planned`, `off`, `absent`: by
 * the version in force then. `unknown`: nothing that is kept says what happened.
 */
export type Verdict =
  | 'ran'
  | 'did-not-run'
  | 'running'
  | 'waits'
  | 'due'
  | 'will-run'
  | 'may-not-run'
  | 'not-planned'
  | 'off'
  | 'absent'
  | 'unknown';

export interface Why {
  readonly verdict: Verdict;
  /** One paragraph. */
  readonly text: string;
  readonly facts: readonly string[];
  /** The planned time that it is about, in epoch milliseconds; for a requested run the time of the request. */
  readonly plannedAt?: number;
  /** The id of its run record, or of that which it is going to have. */
  readonly logId?: string;
}

export interface WhyRequest {
  /**
   * The minute that is asked about, in epoch milliseconds. Of several runs in it, that of this very time counts, then the
   * planned one.
   */
  readonly time: number;
  readonly now: number;
  /** Newest first. */
  readonly definitions: readonly PastVersion<Cron>[];
  /** Whether the oldest of them is the first one. Otherwise earlier ones are not kept any more. */
  readonly isWhole: boolean;
  /** Newest first; before the oldest one the defaults hold. */
  readonly settings: readonly PastVersion<CrontabSettings>[];
  /** When the cron was removed, in epoch milliseconds. */
  readonly removedAt?: number | undefined;
  /** The run records that may be about the time. */
  readonly records: readonly RunRecord[];
  /** The last run before the time that was OK, if it is known. */
  readonly lastGood?: RunRecord | undefined;
  readonly job?: Job | undefined;
  /** How long its runs usually take, in milliseconds. */
  readonly usualMs?: number | undefined;
  /** A time as the texts show it. */
  readonly timeText: (time: number) => string;
}

const MINUTE = 60_000;
/** A run lasts for a quarter of an hour at most: earlier ones do not overlap. */
const OVERLAP_MS = 60 * MINUTE;

export function why(request: WhyRequest): Why {
  const minute = Math.floor(request.time / MINUTE) * MINUTE;
  const plan = planOf(request, minute);
  return (
    recorded(request, minute, plan) ??
    inProgress(request, minute, plan) ??
    waiting(request, minute, plan) ??
    decided(request, minute, plan)
  );
}

/** What held then. */
interface Plan {
  readonly definition?: PastVersion<Cron> & { readonly value: Cron };
  readonly settings: PastVersion<CrontabSettings> & { readonly value: CrontabSettings };
  /** The planned time of that minute, if it is planned. */
  readonly plannedAt?: number;
}

function planOf({ definitions, settings: all, now }: WhyRequest, minute: number): Plan {
  const settings = inForceAt(all, minute, now) ?? {
    since: Number.NEGATIVE_INFINITY,
    value: CRONTAB_DEFAULTS,
  };
  const definition = inForceAt(definitions, minute, now);
  if (!definition) return { settings };
  const plannedAt = definition.value.next(minute - 1, settings.value.timezone);
  return { settings, definition, ...(plannedAt === minute && { plannedAt }) };
}

function recorded(request: WhyRequest, minute: number, plan: Plan): Why | undefined {
  const { records, timeText } = request;
  const ofMinute = records.filter(({ plannedAt }) => isIn(minute, plannedAt));
  const ofTime = ofMinute.filter(({ plannedAt }) => plannedAt === request.time);
  const exact = ofTime.length > 0 ? ofTime : ofMinute;
  const record =
    exact.find((one) => !isForced(one)) ?? exact[0] ?? records.find((one) => doesCover(one, plan.plannedAt));
  if (!record) return undefined;
  const { plannedAt, startedAt, endedAt, status, reason, requestedBy, covers } = record;
  const [message = ''] = messagesWithTimes(record, timeText);
  const answer = { plannedAt, logId: recordId(record) };
  const facts = [
    ...(isForced(record)
      ? [`It was requested by ${requestedBy ?? 'a user'}, not planned.`]
      : planFacts(plan, request)),
    ...(covers
      ? [`One run record covers ${covers.count} planned times since ${timeText(covers.from)}.`]
      : []),
    ...(reason ? [`The reason is "${reason}".`] : []),
    ...(status === 'FAILURE' || status === 'WARN' ? comparison(record, request) : []),
  ];
  if (status === 'NOTRUN')
    return { ...answer, verdict: 'did-not-run', text: `It did not run. ${message}`, facts };
  const start = startedAt === undefined ? 'It began' : `It started at ${timeText(startedAt)}`;
  const end = END_TEXTS[status](timeText(endedAt));
  const text = message === '' ? `${start} and ${end}.` : `${start} and ${end}: ${message}`;
  return { ...answer, verdict: 'ran', text, facts };
}

const END_TEXTS = {
  OK: (time: string) => `ended at ${time}: OK`,
  WARN: (time: string) => `ended with a warning at ${time}`,
  FAILURE: (time: string) => `failed at ${time}`,
} as const;

/** What has changed since the last good run. Nothing where either version is not known. */
function comparison(record: RunRecord, { lastGood, timeText }: WhyRequest): string[] {
  if (!lastGood) return [];
  const known = [
    { what: 'definition', before: lastGood.definitionVersion, after: record.definitionVersion },
    { what: 'code', before: lastGood.codeVersion, after: record.codeVersion },
  ].filter(({ before, after }) => before !== undefined && after !== undefined);
  const changes = known.filter(({ before, after }) => before !== after);
  const time = timeText(lastGood.plannedAt);
  if (changes.length > 0) {
    const texts = changes.map(({ what, before, after }) => `the ${what} from version ${before} to ${after}`);
    return [`Changed since the last good run, of ${time}: ${texts.join(', ')}.`];
  }
  const same = known.map(({ what }) => what).join(' and ');
  return same === '' ? [] : [`It ran with the same ${same} as the last good run, of ${time}.`];
}

function doesCover({ covers, plannedAt }: RunRecord, time: number | undefined): boolean {
  return covers !== undefined && time !== undefined && covers.from <= time && time <= plannedAt;
}

function inProgress(request: WhyRequest, minute: number, plan: Plan): Why | undefined {
  const lease = request.job?.leases.find(({ plannedAt }) => isIn(minute, plannedAt));
  if (!lease) return undefined;
  const text = `It is running, since ${request.timeText(lease.claimedAt)}.`;
  return {
    verdict: 'running',
    text,
    facts: planFacts(plan, request),
    plannedAt: lease.plannedAt,
    logId: recordId(lease),
  };
}

function waiting(request: WhyRequest, minute: number, plan: Plan): Why | undefined {
  const { job, timeText } = request;
  if (!job) return undefined;
  const range = job.waiting;
  const requested = job.waitingForced.find(({ plannedAt }) => isIn(minute, plannedAt));
  const planned = plan.plannedAt;
  const isPlanned = range && planned !== undefined && range.from <= planned && planned <= range.to;
  const occurrence = isPlanned ? { plannedAt: planned } : requested;
  if (!occurrence) return undefined;
  const [running] = job.leases;
  const until = running ? `the run of ${timeText(running.plannedAt)} has ended` : 'its turn has come';
  const answer = { plannedAt: occurrence.plannedAt, logId: recordId(occurrence) };
  return { ...answer, verdict: 'waits', text: `It waits until ${until}.`, facts: planFacts(plan, request) };
}

/** What follows from the versions alone. */
function decided(request: WhyRequest, minute: number, plan: Plan): Why {
  const { removedAt, timeText, now } = request;
  const { definition, settings, plannedAt } = plan;
  if (removedAt !== undefined && removedAt <= minute) {
    return { verdict: 'absent', text: `The cron was removed at ${timeText(removedAt)}.`, facts: [] };
  }
  if (!definition) return unknownVersion(request);
  const facts = planFacts(plan, request);
  const cron = definition.value;
  const timezone = cron.timezone ?? settings.value.timezone;
  if (plannedAt === undefined) {
    const next = cron.next(minute, settings.value.timezone);
    const later =
      next === undefined ? 'It has no later time.' : `The next time after it is ${timeText(next)}.`;
    const reason = exclusionOf(cron, timezone, minute).replace(/\.$/, '');
    const text = `Nothing is planned for that minute by the clock of ${timezone}: ${reason}.`;
    return { verdict: 'not-planned', text, facts: [...facts, later] };
  }
  if (!isActive(cron, settings.value)) {
    const [what, since] = cron.activated
      ? ['crontab', switchOf(request.settings, settings)]
      : ['cron', switchOf(request.definitions, definition)];
    const text = `The ${what} ${plannedAt > now ? 'is' : 'was'} off${sinceText(since, timeText)}.`;
    return { verdict: 'off', text, facts, plannedAt };
  }
  const answer = { plannedAt, logId: recordId({ plannedAt }) };
  if (plannedAt > now) return { ...answer, ...forecastOf(request, plan, cron, plannedAt), facts };
  if (request.job?.armedAt !== undefined && request.job.armedAt <= plannedAt) {
    const text =
      'It is due, and its delivery has not arrived yet: the sweep delivers it again after two minutes.';
    return { ...answer, verdict: 'due', text, facts };
  }
  const text =
    'It was planned, and no run record of it is left: it was deleted or has expired, or an edit came at that moment.';
  return { plannedAt, verdict: 'unknown', text, facts };
}

/** The version that switched it off: those between it and `off` were edits. */
function switchOf<Value extends { readonly activated: boolean }>(
  versions: readonly PastVersion<Value>[],
  off: PastVersion<Value>,
): PastVersion<Value> {
  const older = versions.filter(({ since, value }) => since < off.since && value !== undefined);
  const lastOn = older.findIndex(({ value }) => value?.activated === true);
  return older[(lastOn === -1 ? older.length : lastOn) - 1] ?? off;
}

function unknownVersion({ definitions, isWhole, timeText }: WhyRequest): Why {
  const oldest = definitions.findLast(({ value }) => value !== undefined);
  if (!oldest) return { verdict: 'absent', text: 'No version of the cron has been valid.', facts: [] };
  const since = `${timeText(oldest.since)}${byText(oldest.author)}`;
  if (isWhole) {
    const text = `The cron did not exist yet, or had been removed: the first version that is known is of ${since}.`;
    return { verdict: 'absent', text, facts: [] };
  }
  const text = `The history does not reach back so far: the oldest version that is kept is of ${since}.`;
  return { verdict: 'unknown', text, facts: [] };
}

function forecastOf(
  { now, usualMs, timeText }: WhyRequest,
  { settings }: Plan,
  cron: Cron,
  plannedAt: number,
): Pick<Why, 'verdict' | 'text'> {
  const subject = { cron, ...(usualMs !== undefined && { duration: usualMs }) };
  const period = { from: Math.max(now, plannedAt - OVERLAP_MS), to: plannedAt + 1 };
  // Which of two runs gives way depends on when they begin: any that meets another one is a reason for doubt.
  const reason = [...plannedRuns(subject, settings.value, period)]
    .map(reasonOf)
    .findLast((one) => one !== undefined);
  const condition = 'if its definition and the switches stay as they are';
  if (reason === undefined) {
    return { verdict: 'will-run', text: `It will run at ${timeText(plannedAt)}, ${condition}.` };
  }
  const text = `It is planned for ${timeText(plannedAt)}, ${condition}, and may meet another run if that takes its usual time: ${withTimes(reason, timeText)}`;
  return { verdict: 'may-not-run', text };
}

/** What was planned then, by whom, and what moved it. */
function planFacts({ definition, settings, plannedAt }: Plan, { timeText }: WhyRequest): string[] {
  if (!definition) return [];
  const { value: cron } = definition;
  const timezone = cron.timezone ?? settings.value.timezone;
  const version = `The periodicity is "${cron.periodicity}" in ${timezone}${sinceText(definition, timeText)}.`;
  const shift = plannedAt === undefined ? undefined : shiftOf(cron, timezone, plannedAt);
  return shift === undefined ? [version] : [version, shift];
}

function sinceText({ since, author }: PastVersion<unknown>, timeText: (time: number) => string): string {
  if (!Number.isFinite(since)) return ', as far as is known';
  return ` since ${timeText(since)}${byText(author)}`;
}

function byText(author: string | undefined): string {
  return author === undefined ? '' : `, by ${author}`;
}

function isIn(minute: number, time: number): boolean {
  return minute <= time && time < minute + MINUTE;
}
