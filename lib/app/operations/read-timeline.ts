/**
 * Reads the crons of a site from yesterday to tomorrow, the worst first: one query for the site, one for each lane whose cron
 * ran since yesterday, and those of the failures of dense lanes. So it is an operation of its own: the page of a site is one
 * query.
 */
import pMap from 'p-map';
import { HEALTHS } from '../../core/domain/health.ts';
import { recordId } from '../../core/domain/run-record.ts';
import {
  lane,
  offPeriods,
  type Period,
  type Slot,
  type Switch,
  timelinePeriod,
} from '../../core/domain/timeline.ts';
import type { CronView } from './cron-view.ts';
import type { CrontabView } from './crontab-view.ts';
import { type HistoryPorts, history, type VersionView } from './history.ts';
import { indexOf } from './page.ts';
import { type ReadPorts, readCrontab } from './read.ts';
import { endedRuns, type RunPage } from './read-runs.ts';

export interface Timeline {
  readonly site: string;
  readonly period: Period;
  /** The time zone of the crontab. */
  readonly timezone: string;
  readonly lanes: readonly Lane[];
  /** The index of the first lane among all. */
  readonly first: number;
  /** The number of all lanes. */
  readonly total: number;
  /** For the next lanes; absent with the last ones. */
  readonly cursor?: string;
  /** The uids of the crons that are broken: these cannot run, so they have no lane. */
  readonly broken: readonly string[];
}

export interface Lane {
  readonly cron: CronView;
  readonly slots: readonly Slot[];
  /** When the cron or its crontab was off, or will be. */
  readonly off: readonly Period[];
}

export type TimelinePorts = ReadPorts & HistoryPorts;

/** So many crons have a lane. */
export const LANES = 20;
/** A query of the store has a page of 100 records, of which the last one may be repeated on the next page. */
const RUNS_OF_A_LANE = 90;
const MAX_ATTENTION = 300;
/** So many crons that were edited since yesterday have their history read: when they were switched on and off. */
const MAX_HISTORIES = 5;
const AT_ONCE = 10;

/** Begins with the worst cron without a cursor, or if the cursor is behind the last one. Throws NotFoundError. */
export async function readTimeline(ports: TimelinePorts, site: string, cursor?: string): Promise<Timeline> {
  const crontab = await readCrontab(ports, site);
  const isBroken = ({ health }: CronView) => health === 'broken';
  const crons = worstFirst(crontab.crons.filter((cron) => !isBroken(cron)));
  const broken = crontab.crons.filter(isBroken).map(({ uid }) => uid);
  const asked = indexOf(cursor);
  const first = asked < crons.length ? asked : 0;
  const end = first + LANES;
  const period = timelinePeriod(ports.clock.now());
  const lanes = await readLanes(ports, crontab, crons.slice(first, end), period);
  return {
    site,
    period,
    timezone: crontab.settings.timezone,
    lanes,
    first,
    total: crons.length,
    ...(end < crons.length && { cursor: String(end) }),
    broken,
  };
}

/** Those that need a look first; among equals those that fail most, then those that run next. */
function worstFirst(crons: readonly CronView[]): CronView[] {
  const keys = ({ health, trend, job }: CronView) => [
    HEALTHS.indexOf(health),
    -trend.failuresInRow,
    -trend.failures,
    job.next ?? Number.MAX_SAFE_INTEGER,
  ];
  return crons
    .map((cron) => ({ cron, keys: keys(cron) }))
    .sort(
      (a, b) => a.keys.map((key, index) => key - (b.keys[index] ?? key)).find((order) => order !== 0) ?? 0,
    )
    .map(({ cron }) => cron);
}

async function readLanes(
  ports: TimelinePorts,
  crontab: CrontabView,
  crons: readonly CronView[],
  period: Period,
): Promise<Lane[]> {
  const { site } = crontab;
  const now = ports.clock.now();
  const since = new Date(period.from).toISOString();
  // The summary of a job says when its last run ended, so that a cron without runs in the period costs nothing.
  const haveRun = crons.filter(({ job }) => job.last && job.last.date >= period.from);
  const isRecent = ({ parameter }: Pick<CrontabView, 'parameter'>) =>
    parameter !== undefined && parameter.modified >= period.from;
  const edited = crons.filter(isRecent).slice(0, MAX_HISTORIES);
  const [pages, histories, settings] = await Promise.all([
    pMap(haveRun, ({ uid }) => endedRuns(ports, site, { uid, since, count: RUNS_OF_A_LANE }), {
      concurrency: AT_ONCE,
    }),
    Promise.all(edited.map(({ uid }) => history(ports, { site, uid }))),
    isRecent(crontab) ? history(ports, { site }) : undefined,
  ]);
  const pageOf = new Map(haveRun.map(({ uid }, index) => [uid, pages[index]]));
  const historyOf = new Map(edited.map(({ uid }, index) => [uid, histories[index]]));
  const attention = pages.some(({ cursor }) => cursor !== undefined)
    ? await endedRuns(ports, site, { status: 'ATTENTION', since, count: MAX_ATTENTION })
    : undefined;
  const offOfAll = offOf(crontab.settings.activated, crontab.parameter, settings, period);
  return crons.map((cron) => {
    const versions = historyOf.get(cron.uid);
    const own = offOf(cron.definition?.activated, cron.parameter, versions, period);
    const off = [...periodsSince(offOfAll, createdAt(cron, versions)), ...own];
    const known = { page: pageOf.get(cron.uid), attention, versions, off };
    return { cron, off, slots: slotsOf(cron, known, period, now) };
  });
}

/** When its first version was written, in epoch milliseconds; 0 if that was before the period or is not known. */
function createdAt({ parameter }: CronView, versions: readonly VersionView[] = []): number {
  const first = [parameter, ...versions].find(({ version }) => version === 1);
  return first?.modified ?? 0;
}

/** Before its first version a cron was not off. */
function periodsSince(periods: readonly Period[], since: number): Period[] {
  return periods.filter(({ to }) => to > since).map(({ from, to }) => ({ from: Math.max(from, since), to }));
}

interface Known {
  readonly page: RunPage | undefined;
  readonly attention: RunPage | undefined;
  /** Newest first; absent if they were not read. */
  readonly versions: readonly VersionView[] | undefined;
  readonly off: readonly Period[];
}

function slotsOf(cron: CronView, { page, attention, versions, off }: Known, period: Period, now: number) {
  const { uid, definition, timezone, job, parameter } = cron;
  const readSince = page?.cursor === undefined ? period.from : Number(page.cursor);
  const older = (attention?.runs ?? []).filter((run) => run.uid === uid && run.plannedAt < readSince);
  const running = job.runs.map(({ plannedAt, ...lease }) => ({
    id: recordId({ plannedAt, ...lease }),
    plannedAt,
    status: 'RUNNING' as const,
  }));
  const next = job.next === undefined ? [] : [job.next];
  const request = {
    runs: [...running, ...(page?.runs ?? []), ...older],
    schedule: definition && { periodicity: definition.periodicity, uid, timezone },
    scheduledSince: versions?.find(({ problems }) => !problems)?.modified ?? parameter.modified,
    pending: [...next, ...job.waiting.map(({ plannedAt }) => plannedAt)].filter((time) => time <= now),
    off,
    readSince,
    attentionSince: attention?.cursor === undefined ? period.from : Number(attention.cursor),
  };
  return lane(request, period, now);
}

/** When it was off: by its versions, or without them since the present one, if that holds. */
function offOf(
  activated: boolean | undefined,
  parameter: CrontabView['parameter'],
  versions: readonly VersionView[] | undefined,
  { from, to }: Period,
): Period[] {
  const valid = versions?.filter(({ problems }) => !problems) ?? [];
  const switches = valid.map(
    ({ modified, definition }): Switch => ({ since: modified, isOn: definition?.activated !== false }),
  );
  const present = { since: parameter?.modified ?? from, isOn: activated !== false };
  return offPeriods(switches.length > 0 ? switches : [present], to)
    .filter((period) => period.to > from)
    .map((period) => ({ from: Math.max(from, period.from), to: period.to }));
}
