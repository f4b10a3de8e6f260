/** A view of a site's crontab for every surface. */
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { isFailing } from '../../core/domain/health.ts';
import type { Off } from '../../core/domain/off.ts';
import { offInForce, settingsInForce } from '../../core/domain/projection.ts';
import type { SiteState } from '../../core/ports/store.ts';
import { type CronView, cronView } from './cron-view.ts';
import { type ParameterView, parameterView } from './parameter-view.ts';

export interface CrontabView {
  readonly site: string;
  /** The settings in force; the defaults when they were never written. */
  readonly settings: CrontabSettings;
  /** How the crontab was switched off; absent if it is on. */
  readonly off?: Off;
  /** Absent when the settings were never written. */
  readonly parameter?: ParameterView;
  readonly counts: Counts;
  /** Sorted by uid. */
  readonly crons: readonly CronView[];
}

/** A crontab without its crons. */
export type SiteSummary = Omit<CrontabView, 'crons'>;

/** The number of crons in each state. A cron may count in several. */
export interface Counts {
  readonly crons: number;
  /** Both the cron and the crontab are switched on. */
  readonly active: number;
  readonly running: number;
  readonly failing: number;
  readonly late: number;
  /** The latest version of the parameter is not in force. */
  readonly rejected: number;
  /** The earliest next run of the site. */
  readonly next?: { readonly uid: string; readonly plannedAt: number };
}

export function crontabView(site: string, { crontab, crons: rows }: SiteState, now: number): CrontabView {
  const settings = settingsInForce(crontab);
  const crons = rows.flatMap(
    (row) => cronView({ site, uid: row.uid }, { ...row, ...(crontab && { crontab }) }, now) ?? [],
  );
  const parameter = crontab && crontab.removedAt === undefined ? { parameter: parameterView(crontab) } : {};
  const off = offInForce(crontab);
  return { site, settings, ...(off && { off }), ...parameter, counts: counts(crons), crons };
}

function counts(crons: readonly CronView[]): Counts {
  const count = (is: (cron: CronView) => boolean) => crons.filter(is).length;
  const planned = crons.flatMap(({ uid, job }) =>
    job.next === undefined ? [] : { uid, plannedAt: job.next },
  );
  const [first, ...others] = planned;
  const next =
    first && others.reduce((earliest, one) => (one.plannedAt < earliest.plannedAt ? one : earliest), first);
  return {
    crons: crons.length,
    active: count(({ active }) => active),
    running: count(({ job }) => job.running),
    failing: count(isFailing),
    late: count(({ job }) => job.late),
    rejected: count(({ parameter }) => parameter.problems !== undefined),
    ...(next && { next }),
  };
}
