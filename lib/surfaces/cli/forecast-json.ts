/** A forecast as JSON: the content of forecast-text.ts, with ISO 8601 times. */
import { iso } from '../../core/domain/iso.ts';
import type { Off } from '../../core/domain/off.ts';
import { reasonOf } from '../../core/forecast/cron-forecast.ts';
import type { Total } from '../../core/forecast/forecast.ts';
import { planJson } from './plan-text.ts';
import { type Line, type Shown, shownLines } from './shown-forecast.ts';

/** `runs` is limited like the lines of the text; `left` counts the omitted ones. */
export function forecastJson(shown: Shown): object {
  const { site, off, cronsOff, before, after, profile, rejected } = shown;
  const { lines, left } = shownLines(shown);
  return {
    site,
    from: iso(after.from),
    to: iso(after.to),
    rejected,
    ...(off && { off: offJson(off) }),
    cronsOff: cronsOff.map((one) => ({ uid: one.uid, ...offJson(one.off) })),
    ...(profile && { plan: planJson(profile.plan), totalsBefore: before.totals.map(totalJson) }),
    runs: lines.map(lineJson),
    left,
    totals: after.totals.map(totalJson),
    clock: after.surprises.map(({ uid, time, text }) => ({ uid, plannedAt: iso(time), text })),
    busiest: after.busiest.map(({ time, uids }) => ({ plannedAt: iso(time), uids })),
  };
}

function offJson(off: Off): object {
  return { ...off, since: iso(off.since) };
}

function lineJson({ run, kind }: Line): object {
  const { cron, plannedAt, fate, starts } = run;
  return {
    change: kind,
    uid: cron.uid,
    plannedAt: iso(plannedAt),
    fate,
    starts: starts === undefined ? undefined : iso(starts),
    reason: reasonOf(run),
  };
}

function totalJson({ first, last, ...total }: Total): object {
  const time = (plannedAt?: number) => (plannedAt === undefined ? null : iso(plannedAt));
  return { ...total, first: time(first), last: time(last) };
}
