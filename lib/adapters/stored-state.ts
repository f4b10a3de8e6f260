/**
 * Reads the content of a stored item. Another version or a user may have written it, so it may lack fields that this version
 * relies on. Such an item is reported, and nothing is decided without it.
 */
import type { CronFields } from '../core/domain/cron.ts';
import type { CrontabSettings } from '../core/domain/crontab-settings.ts';
import type { Job } from '../core/domain/job.ts';
import type { Projection } from '../core/domain/projection.ts';
import type { RunRecord } from '../core/domain/run-record.ts';
import { type RecordSummary, recordSummary } from '../core/domain/run-summary.ts';
import type { Catalogue } from '../core/domain/runner-description.ts';
import type { LimitsBySite } from '../core/domain/site-limits.ts';

const PROJECTION = {
  modified: 'number',
  version: 'number',
  labelledVersion: 'number?',
  removedAt: 'number?',
  problems: 'object[]?',
  off: 'off?',
};
const STATUS = 'OK|WARN|FAILURE|NOTRUN';
const OCCURRENCE = { plannedAt: 'number', forced: 'string?' };
const RECORD_SUMMARY = { ...OCCURRENCE, runner: 'string', status: STATUS, endedAt: 'number' };

/**
 * The type of each field by the kind of the object: `?` marks an optional field, `[]` a list, `{}` an object with any names,
 * `|` separates the allowed texts. A type may be another kind; "any" is all of them.
 */
const KINDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  object: {},
  crontab: { ...PROJECTION, value: 'settings?' },
  off: { since: 'number', by: 'string?', note: 'string?' },
  settings: { activated: 'boolean', readOnly: 'boolean', timezone: 'string' },
  cron: { ...PROJECTION, value: 'definition?' },
  definition: {
    uid: 'string',
    name: 'string',
    periodicity: 'string',
    environ: 'object',
    activated: 'boolean',
    logsLimit: 'number',
    user: 'string?',
    timezone: 'string?',
    description: 'string?',
    tags: 'string[]?',
    overlap: 'skip|buffer|allow',
    missed: 'once|all|skip',
    maxLateness: 'number',
    timeout: 'number',
  },
  job: {
    token: 'string',
    closedAt: 'number?',
    armedAt: 'number?',
    timing: 'string?',
    waiting: 'range?',
    waitingForced: 'requested[]',
    leases: 'lease[]',
    busySince: 'number?',
    decidedUntil: 'number?',
    recentForced: 'requested[]',
    redelivery: 'redelivery?',
    summary: 'jobSummary',
  },
  range: { from: 'number', to: 'number' },
  requested: { plannedAt: 'number', forced: 'string' },
  lease: {
    ...OCCURRENCE,
    runId: 'string',
    holder: 'string',
    deliveredAt: 'number',
    claimedAt: 'number',
    expiresAt: 'number',
    definitionVersion: 'number',
  },
  redelivery: { at: 'number', count: 'number' },
  jobSummary: {
    statuses: 'string',
    runs: 'number',
    failures: 'number',
    failuresInRow: 'number',
    failingSince: 'number?',
    last: 'lastResult?',
  },
  lastResult: { plannedAt: 'number', endedAt: 'number', status: STATUS, message: 'string?' },
  record: { ...RECORD_SUMMARY, messages: 'string[]' },
  recordSummary: { ...RECORD_SUMMARY, message: 'string?' },
  catalogue: { runners: 'runner[]', limits: 'siteLimits{}', codeVersion: 'string?', folder: 'string?' },
  siteLimits: {
    allowedHosts: 'string[]?',
    allowedFunctions: 'string[]?',
    allowedUsers: 'string[]?',
    allowCommands: 'boolean?',
  },
  runner: {
    name: 'string',
    site: 'string?',
    summary: 'string',
    settings: 'runnerSettings?',
    broken: 'string?',
    file: 'string?',
  },
  runnerSettings: { properties: 'runnerSetting{}', required: 'string[]' },
  runnerSetting: { anyOf: 'object[]', description: 'string', examples: 'any[]' },
};

/** Part of a State. */
export interface StoredState {
  readonly crontab?: Projection<CrontabSettings>;
  readonly cron?: Projection<CronFields>;
  readonly job?: Job;
  readonly unreadable?: string;
}

/** The item under its kind, or the reason why it cannot be read. */
export function storedState(kind: 'crontab' | 'cron' | 'job', item: unknown): StoredState {
  const wrong = checkOf(kind)(item);
  if (wrong === undefined) return { [kind]: item };
  return { unreadable: wrong === '' ? `its ${kind} is no object` : `its ${kind} has no valid "${wrong}"` };
}

/** What the key of a run record says. */
export interface RecordKey {
  readonly site: string;
  readonly uid: string;
  readonly id: string;
}

/** The run record. One that cannot be read has only what its key says, and a message with the reason. */
export function storedRecord(key: RecordKey, item: unknown): RunRecord {
  const wrong = checkOf('record')(item);
  if (wrong !== undefined) return unreadableRecord(key, wrong);
  const { site, uid } = key;
  return { ...(item as RunRecord), site, uid };
}

/** The same for an item without messages. */
export function storedSummary(key: RecordKey, item: unknown): RecordSummary {
  const wrong = checkOf('recordSummary')(item);
  if (wrong !== undefined) return recordSummary(unreadableRecord(key, wrong));
  const { site, uid } = key;
  return { ...(item as RecordSummary), site, uid };
}

/** The catalogue; nothing if it cannot be read. */
export function storedCatalogue(item: unknown): Catalogue | undefined {
  return checkOf('catalogue')(item) === undefined ? (item as Catalogue) : undefined;
}

/** The limits by site; nothing if they cannot be read. */
export function storedLimits(item: unknown): LimitsBySite | undefined {
  return checkOf('siteLimits{}')(item) === undefined ? (item as LimitsBySite) : undefined;
}

function unreadableRecord({ site, uid, id }: RecordKey, wrong: string): RunRecord {
  const [seconds, ...forced] = id.split('-');
  const plannedAt = Number(seconds) * 1000;
  return {
    site,
    uid,
    plannedAt,
    ...(forced.length === 0 ? {} : { forced: forced.join('-') }),
    runner: '',
    status: 'WARN',
    messages: [`This run record cannot be read: it has no valid "${wrong}".`],
    endedAt: plannedAt,
  };
}

/** The path of the first part that is not of its type: empty for the value itself; absent if everything is. */
type Check = (value: unknown) => string | undefined;

/** By their types: a sweep checks many items. */
const checks = new Map<string, Check>();

function checkOf(type: string): Check {
  const check = checks.get(type) ?? makeCheck(type);
  checks.set(type, check);
  return check;
}

function makeCheck(type: string): Check {
  if (type.endsWith('?')) {
    const check = checkOf(type.slice(0, -1));
    return (value) => (value === undefined ? undefined : check(value));
  }
  if (type.endsWith('[]')) {
    const check = checkOf(type.slice(0, -2));
    return (value) => wrongElement(check, value);
  }
  if (type.endsWith('{}')) {
    const check = checkOf(type.slice(0, -2));
    return (value) => checkOf('object')(value) ?? wrongElement(check, Object.values(value as object));
  }
  if (type === 'any') return () => undefined;
  if (type.includes('|')) {
    const texts: ReadonlySet<unknown> = new Set(type.split('|'));
    return (value) => (texts.has(value) ? undefined : '');
  }
  const fields = KINDS[type];
  if (!fields) return (value) => (typeof value === type ? undefined : '');
  const fieldChecks = Object.entries(fields).map(
    ([field, fieldType]) => [field, checkOf(fieldType)] as const,
  );
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
    for (const [field, check] of fieldChecks) {
      const wrong = check(Reflect.get(value, field));
      if (wrong !== undefined) return wrong === '' ? field : `${field}.${wrong}`;
    }
    return undefined;
  };
}

function wrongElement(check: Check, list: unknown): string | undefined {
  if (!Array.isArray(list)) return '';
  return list.map((element) => check(element)).find((wrong) => wrong !== undefined);
}
