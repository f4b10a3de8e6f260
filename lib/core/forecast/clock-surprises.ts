/**
 * The effects of a zone's clock changes on a cron, in words: its times that the clock skips or repeats. The rule itself is
 * in next-run.ts. A wildcard cron of every hour runs evenly across a change, so it has no surprises.
 */
import { DAY, isDateOf } from '../domain/calendar.ts';
import { type ClockChange, clockChanges, clockTime, isTimeOfDay } from '../domain/clock-changes.ts';
import type { Cron } from '../domain/cron.ts';
import { type Expression, parseExpression } from '../domain/expression.ts';
import type { Period } from '../domain/timeline.ts';

export interface ClockSurprise {
  readonly uid: string;
  /** When the clock is changed, in epoch milliseconds. */
  readonly time: number;
  readonly text: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const MAX_NAMED = 3;

/** The surprises in the period, earliest first. `timezone` counts if the cron has none; the texts call the cron `name`. */
export function clockSurprises(
  cron: Pick<Cron, 'uid' | 'periodicity' | 'timezone'>,
  timezone: string,
  period: Period,
  name = cron.uid,
): ClockSurprise[] {
  const zone = cron.timezone ?? timezone;
  const expression = parseExpression(cron.periodicity, cron.uid);
  return clockChanges(zone, period.from, period.to).flatMap((change) => {
    const times = affectedTimes(expression, change);
    const isHourly = !expression.fixed && expression.hours.length === 24;
    const goesOnEvenly = isHourly && (change.after - change.before) % HOUR === 0;
    if (times.length === 0 || goesOnEvenly) return [];
    const text = `${clockText(zone, change)} ${timesText(times, change)} ${endText(expression, change, times.length, name)}`;
    return [{ uid: cron.uid, time: change.time, text }];
  });
}

/** The cron's local times that the clock skips or repeats. */
function affectedTimes(expression: Expression, { time, before, after }: ClockChange): number[] {
  const times: number[] = [];
  const last = time + Math.max(before, after);
  for (let local = time + Math.min(before, after); local < last; local += MINUTE) {
    const isAffected = isTimeOfDay(expression, local) && isDateOf(expression.dates, Math.floor(local / DAY));
    if (isAffected) times.push(local);
  }
  return times;
}

function clockText(zone: string, { time, before, after }: ClockChange): string {
  const [old, shown] = [clockTime(time + before), clockTime(time + after)];
  const date = new Date(time + before).toISOString().slice(0, 10);
  return `On ${date} the clock of ${zone} goes ${after > before ? 'forward' : 'back'} from ${old} to ${shown}:`;
}

function timesText(times: readonly number[], { before, after }: ClockChange): string {
  const named = times.slice(0, MAX_NAMED).map(clockTime).join(', ');
  const more = times.length > MAX_NAMED ? ` and ${times.length - MAX_NAMED} more` : '';
  const several = times.length > 1;
  if (after > before) return `${named}${more} ${several ? 'do' : 'does'} not exist,`;
  return `${named}${more} ${several ? 'come' : 'comes'} twice,`;
}

function endText(
  { fixed }: Expression,
  { time, before, after }: ClockChange,
  times: number,
  name: string,
): string {
  if (after < before) return fixed ? `and ${name} runs the first time.` : `and ${name} runs both times.`;
  if (!fixed) return `so ${name} does not run then.`;
  return `so ${name} runs ${times > 1 ? 'once, ' : ''}at ${clockTime(time + after)}.`;
}
