/**
 * `cloudtab simulate`: forecasts the runs of a crontab, and the changes that a profile would make to them. It runs and
 * writes nothing. lib/core/forecast makes the forecast and forecast-text.ts formats it.
 */
import { wholeCrontab } from '../../app/door/whole-lists.ts';
import { type CurrentSite, currentSite } from '../../app/profiles/current-site.ts';
import { type SiteAfter, siteAfter } from '../../app/profiles/site-after.ts';
import type { Client } from '../../client/client.ts';
import { logsOf } from '../../client/logs-of.ts';
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { usualDuration } from '../../core/domain/durations.ts';
import { parseTime } from '../../core/domain/parse-time.ts';
import type { Subject } from '../../core/forecast/cron-forecast.ts';
import { type Forecast, forecast } from '../../core/forecast/forecast.ts';
import { forecastJson } from './forecast-json.ts';
import { forecastText } from './forecast-text.ts';
import { refuseNewSite } from './new-site.ts';
import { jsonText, type Printed } from './output.ts';
import { type PlanFileOptions, planSite, refused } from './plan.ts';
import type { Shown } from './shown-forecast.ts';

export interface SimulateOptions extends PlanFileOptions {
  readonly from: string;
  readonly to: string;
  /** A file, or `-` for standard input. */
  readonly file?: string;
  /** Print every line. */
  readonly all?: true;
  /** Of the terminal. */
  readonly width?: number | undefined;
}

type Logs = Awaited<ReturnType<typeof logsOf>>;

/** Throws CloudtabErrors about the site, the period or a profile that cannot be read. Exit code 1: it has problems. */
export async function simulate(client: Client, options: SimulateOptions): Promise<Printed> {
  const { file } = options;
  const now = client.now();
  await refuseNewSite(client, options.site, options.newSite);
  const site = await currentSite(options.site, wholeCrontab(client.call, options.site));
  const logs = await logsOf(client.call, site.site, site.views);
  if (file === undefined) return printed(site, logs, options, now);
  const plan = planSite({ now, runners: await client.runners() }, site, file, options);
  if ('text' in plan) return plan;
  if (plan.problems.length > 0) return refused(file, options, plan.problems, plan);
  return printed(site, logs, options, now, { file, plan });
}

function printed(
  site: CurrentSite,
  logs: Logs,
  options: SimulateOptions,
  now: number,
  profile?: Shown['profile'],
): Printed {
  const period = periodOf(options, site.settings, now);
  const forecastOf = ({ settings, crons }: SiteAfter): Forecast =>
    forecast({ ...period, settings, subjects: crons.map((cron) => subjectOf(cron, site, logs)) });
  const planned = siteAfter(site, profile?.plan);
  const before = forecastOf(siteAfter(site));
  const stayOff = new Set(planned.crons.flatMap(({ uid, activated }) => (activated ? [] : [uid])));
  const changed = new Set(profile?.plan.steps.map(({ uid }) => uid));
  const shown: Shown = {
    site: site.site,
    settings: planned.settings,
    ...(!planned.settings.activated && site.off && { off: site.off }),
    cronsOff: site.views.flatMap(({ uid, definition, off }) =>
      off && definition?.activated === false && stayOff.has(uid) ? [{ uid, off }] : [],
    ),
    before,
    after: profile ? forecastOf(planned) : before,
    ...(profile && { profile }),
    rejected: [...site.crons].flatMap(([uid, { rejected, fields }]) =>
      rejected && !changed.has(uid) ? [{ uid, inForce: fields !== undefined }] : [],
    ),
    all: options.all === true,
  };
  return { text: options.json ? jsonText(forecastJson(shown)) : forecastText(shown, options.width), code: 0 };
}

function periodOf({ from, to }: SimulateOptions, { timezone }: CrontabSettings, now: number) {
  const begin = parseTime(from, { option: '--from', now, base: now, timezone });
  return { from: begin, to: parseTime(to, { option: '--to', now, base: begin, timezone }) };
}

/** The cron with the duration of its past runs, unless another runner did them. */
function subjectOf(cron: Cron, { crons }: CurrentSite, logs: Logs): Subject {
  const now = crons.get(cron.uid);
  const duration = now?.fields?.name === cron.name ? usualDuration(logs.get(cron.uid) ?? []) : undefined;
  return duration === undefined ? { cron } : { cron, duration };
}
