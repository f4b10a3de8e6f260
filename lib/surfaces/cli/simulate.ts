/**
 * `cloudtab simulate`: what a crontab would do in a period, and what an edit would change about it. Nothing is run and
 * nothing is written. The forecast is lib/core/forecast; how it reads is forecast-text.ts.
 */
import { readFile } from 'node:fs/promises';
import pMap from 'p-map';
import { Cron } from '../../core/domain/cron.ts';
import type { RunnerCheck } from '../../core/domain/cron-schema.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Subject } from '../../core/forecast/cron-forecast.ts';
import { applyEdit, type Edited } from '../../core/forecast/edit.ts';
import { forecast } from '../../core/forecast/forecast.ts';
import { usualDuration } from '../../core/forecast/usual-duration.ts';
import type { CronState, SiteState } from '../../core/ports/store.ts';
import { forecastJson } from './forecast-json.ts';
import { forecastText } from './forecast-text.ts';
import { jsonText } from './options.ts';
import { parseTime } from './parse-time.ts';
import type { Shown } from './shown-forecast.ts';
import { siteState, type Where } from './site-state.ts';

export interface SimulateOptions {
  readonly site: string;
  readonly from: string;
  readonly to: string;
  /** A file of crons. */
  readonly edit?: string;
  /** Print every line. */
  readonly all?: true;
  readonly json?: true;
  /** Of the terminal. */
  readonly width?: number | undefined;
}

/** Where crontabs are, and who judges the runners of edited crons. */
export interface SimulateWhere extends Where {
  readonly runners: RunnerCheck;
}

/** The runs that a usual duration is computed from. */
const MAX_RECORDS = 20;

/** The text to print. Throws CloudtabErrors that say what is wrong with the site, the period or the edit. */
export async function simulate(where: SimulateWhere, options: SimulateOptions, now: number): Promise<string> {
  const { crontab, crons: rows } = await siteState(where, options.site);
  const settings = crontab?.value ?? CRONTAB_DEFAULTS;
  const period = periodOf(options, settings, now);
  const crons = rows.flatMap(({ cron }) => (cron?.value ? [new Cron(cron.value)] : []));
  const edited = options.edit === undefined ? undefined : await readEdit(options.edit, crons, where.runners);
  const durations = await usualDurations(where.store, options.site, rows);
  const before = forecast({ ...period, settings, subjects: subjectsOf(crons, rows, durations) });
  const after =
    edited && forecast({ ...period, settings, subjects: subjectsOf(edited.crons, rows, durations) });
  const shown: Shown = {
    site: options.site,
    settings,
    before,
    after: after ?? before,
    ...(edited ? { edits: edited.edits } : {}),
    rejected: rows.flatMap(({ uid, cron }) =>
      cron?.problems ? [{ uid, inForce: cron.value !== undefined }] : [],
    ),
    all: options.all === true,
  };
  return options.json ? jsonText(forecastJson(shown)) : forecastText(shown, options.width);
}

function periodOf({ from, to }: SimulateOptions, { timezone }: CrontabSettings, now: number) {
  const begin = parseTime(from, { option: '--from', now, base: now, timezone });
  return { from: begin, to: parseTime(to, { option: '--to', now, base: begin, timezone }) };
}

async function readEdit(file: string, crons: readonly Cron[], runners: RunnerCheck): Promise<Edited> {
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new ConfigurationError(`Cannot read the edit: ${cause.message}`, { cause });
  });
  return applyEdit(crons, text, runners);
}

/** The usual durations of crons that have run, in milliseconds, by uid. One query for each. */
async function usualDurations(
  store: Where['store'],
  site: string,
  rows: SiteState['crons'],
): Promise<ReadonlyMap<string, number>> {
  const durations = new Map<string, number>();
  const read = async ({ uid, job }: CronState) => {
    if (job?.summary.last === undefined) return;
    const { records } = await store.records(site, uid, { limit: MAX_RECORDS });
    const duration = usualDuration(records);
    if (duration !== undefined) durations.set(uid, duration);
  };
  await pMap(rows, read, { concurrency: 10 });
  return durations;
}

/** The crons with the usual durations of their runs; the runs of another runner do not count. */
function subjectsOf(
  crons: readonly Cron[],
  rows: SiteState['crons'],
  durations: ReadonlyMap<string, number>,
): Subject[] {
  return crons.map((cron) => {
    const row = rows.find(({ uid }) => uid === cron.uid);
    const isSameRunner = row?.cron?.value?.name === cron.name;
    const duration = isSameRunner ? durations.get(cron.uid) : undefined;
    return duration === undefined ? { cron } : { cron, duration };
  });
}
