/** Checks the runs of crons: whether they fail, flap or are late, and whether many of them start in one minute. */
import type { Cron } from '../../core/domain/cron.ts';
import type { CrontabSettings } from '../../core/domain/crontab-settings.ts';
import type { Finding } from '../../core/domain/finding.ts';
import { describeKey } from '../../core/domain/names.ts';
import { forecast } from '../../core/forecast/forecast.ts';
import type { CronState, State } from '../../core/ports/store.ts';
import { cronView } from '../operations/cron-view.ts';
import { CROWDED, countedCrons, spreadHint } from '../operations/crowd.ts';
import { localTime } from '../operations/local-time.ts';
import { trendText } from '../operations/trend-text.ts';
import { isSweepOverdue } from './timers.ts';

const DAY = 86_400_000;
const NAMED = 3;

/** `option` chooses the target in hints. */
export function examineHealth(
  site: string,
  { uid, ...state }: CronState & State,
  { now, option }: { readonly now: number; readonly option: string },
): Finding[] {
  const key = { site, uid };
  const view = cronView(key, state, now);
  if (!view) return [];
  const { health, trend, job, timezone } = view;
  const name = describeKey(key);
  const command = (words: string) => `cloudtab ${words} --site ${site} ${option}`;
  if (health === 'late') {
    if (state.job && isSweepOverdue(state.job, now)) return [];
    const { next } = job;
    const reason =
      next !== undefined && next < now
        ? `it should have run at ${localTime(next, timezone)}`
        : 'the process of a run died, and no run record shows it yet';
    const fix = `Let --fix sweep, or see: ${command(`why ${uid}`)}`;
    return [{ code: 'late', key, what: `${name} is late: ${reason}.`, fix, fixable: true }];
  }
  if (health !== 'failing' && health !== 'flapping') return [];
  const message = job.last?.status === 'FAILURE' && job.last.messages[0];
  const what = `${name} is ${trendText(trend, now, timezone)}${message ? `: ${message}` : '.'}`;
  const look = health === 'failing' ? `logs ${uid}` : `runs ${uid} --failing`;
  const fix = `${command(look)} shows the cause. Correct it, then: ${command(`run ${uid}`)}`;
  return [{ code: health, key, what, fix, fixable: false }];
}

/** The minute of the next day in which most crons of the site start, if these are many. */
export function examineCrowd(
  site: string,
  crons: readonly Cron[],
  settings: CrontabSettings,
  now: number,
): Finding[] {
  const subjects = countedCrons(crons, settings, now).map((cron) => ({ cron }));
  const [busiest] = forecast({ subjects, settings, from: now, to: now + DAY }).busiest;
  if (!busiest || busiest.uids.length < CROWDED) return [];
  const names = busiest.uids.slice(0, NAMED).join(', ');
  const count = busiest.uids.length;
  const what = `${count} crons of "${site}" start at ${localTime(busiest.time, settings.timezone)}: ${names} and ${count - NAMED} more.`;
  return [{ code: 'crowded-minute', key: { site }, what, fix: spreadHint(), fixable: false }];
}
