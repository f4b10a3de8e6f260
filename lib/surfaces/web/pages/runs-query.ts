/** The list of runs: filters, period and position, as query parameters and back. */
import type { RUN_STATUSES } from '../../../app/door/inputs.ts';
import { RUNS_CURSOR, type RunRequest } from '../../../app/operations/read-runs.ts';
import { UID } from '../../../core/domain/names.ts';
import { TAG } from '../../../core/domain/tags.ts';
import { isKey } from './list-query.ts';
import { sitePath } from './paths.ts';

export interface RunsQuery {
  /** Absent: the runs of all sites. */
  readonly site?: string | undefined;
  readonly show: RunShow;
  readonly period: Period;
  readonly origin: Origin;
  /** The uid of a cron; empty for all. */
  readonly uid: string;
  /** The name of a runner; empty for all. */
  readonly runner: string;
  /** A tag that the crons have; empty for any. */
  readonly tag: string;
  /** That of the page before. Absent: the first page. */
  readonly cursor?: string | undefined;
}

/** The filters with their labels. */
export const RUN_SHOWS = {
  attention: 'needs attention',
  all: 'all runs',
  running: 'in progress',
  failed: 'failed',
  warned: 'with a warning',
  missing: 'did not run',
  ok: 'OK',
} as const;

export const PERIODS = {
  hour: 'last hour',
  day: 'last 24 hours',
  week: 'last 7 days',
  month: 'last 30 days',
  all: 'all that is kept',
} as const;

export const ORIGINS = { any: 'planned or by hand', planned: 'planned', forced: 'by hand' } as const;

export type RunShow = keyof typeof RUN_SHOWS;
export type Period = keyof typeof PERIODS;
export type Origin = keyof typeof ORIGINS;

const HOUR = 3_600_000;
const LENGTHS: Record<Period, number> = {
  hour: HOUR,
  day: 24 * HOUR,
  week: 7 * 24 * HOUR,
  month: 30 * 24 * HOUR,
  all: Number.POSITIVE_INFINITY,
};

const STATUSES: Record<RunShow, (typeof RUN_STATUSES)[number] | undefined> = {
  attention: 'ATTENTION',
  all: undefined,
  running: 'RUNNING',
  failed: 'FAILURE',
  warned: 'WARN',
  missing: 'NOTRUN',
  ok: 'OK',
};

const RUNS_SHOWN = 50;

/** Invalid parameters have their defaults. */
export function runsQuery(query: Readonly<Record<string, string>>, site: string | undefined): RunsQuery {
  const { show = '', period = '', origin = '', uid = '', runner = '', tag = '', cursor = '' } = query;
  return {
    site,
    show: isKey(RUN_SHOWS, show) ? show : 'attention',
    period: isKey(PERIODS, period) ? period : 'day',
    origin: isKey(ORIGINS, origin) ? origin : 'any',
    uid: UID.test(uid) ? uid : '',
    runner: runner.trim().slice(0, 100),
    tag: TAG.test(tag) ? tag : '',
    cursor: RUNS_CURSOR.test(cursor) ? cursor : undefined,
  };
}

/** The path of the list; it omits defaults. */
export function runsPath(query: Partial<RunsQuery>): string {
  const { site, show = 'attention', period = 'day', origin = 'any' } = query;
  const { uid = '', runner = '', tag = '', cursor } = query;
  const params = new URLSearchParams();
  if (show !== 'attention') params.set('show', show);
  if (period !== 'day') params.set('period', period);
  if (origin !== 'any') params.set('origin', origin);
  if (uid !== '') params.set('uid', uid);
  if (runner !== '') params.set('runner', runner);
  if (tag !== '') params.set('tag', tag);
  if (cursor !== undefined) params.set('cursor', cursor);
  const path = site === undefined ? '/runs' : sitePath(site, 'runs');
  return params.size === 0 ? path : `${path}?${params}`;
}

/** When the period begins, in epoch milliseconds; undefined for all that is kept. */
export function sinceOf({ period }: RunsQuery, now: number): number | undefined {
  const since = now - LENGTHS[period];
  return Number.isFinite(since) ? since : undefined;
}

/** The input of the operations that read runs. */
export function requestOf(query: RunsQuery, now: number): RunRequest {
  const { show, origin, uid, runner, tag, cursor } = query;
  const since = sinceOf(query, now);
  return {
    status: STATUSES[show],
    count: RUNS_SHOWN,
    ...(since !== undefined && { since: new Date(since).toISOString() }),
    ...(uid !== '' && { uid }),
    ...(runner !== '' && { runner }),
    ...(tag !== '' && { tag }),
    ...(origin !== 'any' && { forced: origin === 'forced' }),
    ...(cursor !== undefined && { cursor }),
  };
}
