/** One cron in the list of a site. */
import { html, raw } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { describePeriodicity } from '../../../app/operations/describe-periodicity.ts';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import type { Log } from '../../../core/domain/log.ts';
import { healthBadge, runStrip, shortTrendView } from './badges.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath } from './paths.ts';
import type { Rights } from './rights.ts';
import { offLine, relativeView, shownMessages, timeView, type Viewpoint } from './time-view.ts';

export function cronRow(cron: CronView, view: Viewpoint, { operates }: Rights): Html {
  const { site, uid, definition, unreadable, health, job, parameter } = cron;
  const runner = definition?.name ?? 'no runner';
  const user = definition?.user === undefined ? '' : ` as ${definition.user}`;
  return html`<tr role="row" class="row is-${health}">
<td role="cell" class="pick">${operates ? html`<input type="checkbox" name="uid" value="${uid}" id="pick-${uid}" aria-label="Select ${uid}">` : NOTHING}</td>
<td role="cell" class="state">${healthBadge(health)}</td>
<th role="rowheader" scope="row" class="name"><span class="line"><a href="${cronPath(site, uid)}" title="${uid}">${uid}</a>${parameter.problems ? html` <span class="tag is-refused">edit rejected</span>` : NOTHING}</span>
<span class="sub" title="${runner}${user}">${runner}${user}</span></th>
<td role="cell" class="when">${scheduleView(cron)}</td>
<td role="cell" class="next">${nextView(cron, view)}</td>
<td role="cell" class="last">${lastView(job.last, view)}</td>
<td role="cell" class="runs">${runStrip(job.statuses)}${shortTrendView(cron, view)}</td>
<td role="cell" class="act">${operates ? html`<button class="quiet" name="run" value="${uid}" id="run-${uid}"${definition && !unreadable ? NOTHING : raw(' disabled')}>Run<span class="hidden"> ${uid} now</span></button>` : NOTHING}</td>
</tr>
`;
}

/** The periodicity in words, as it is written, and with its effective time zone. */
function scheduleView({ uid, definition, timezone }: CronView): Html {
  if (!definition) return html`<span class="none">nothing in force</span>`;
  const words = describePeriodicity(definition.periodicity, uid);
  return html`<span class="line" title="${words}">${words}</span><span class="sub"><code>${definition.periodicity}</code> ${timezone}</span>`;
}

/** What runs now, or the time of the next run. */
function nextView(cron: CronView, view: Viewpoint): Html {
  const { waiting, runs } = cron.job;
  if (runs[0])
    return html`<span class="live">running</span> for ${formatDuration(Math.max(0, view.now - runs[0].claimedAt))}`;
  if (waiting.length > 0) return html`waits for its turn`;
  return plannedView(cron, view);
}

/** The time of the next planned run, or why there is none. */
export function plannedView({ active, definition, unreadable, job, off }: CronView, view: Viewpoint): Html {
  if (job.next !== undefined) return timeView(job.next, view);
  if (active) return html`<span class="none">never again</span>`;
  return html`<span class="none">${unreadable ? 'cannot run' : definition?.activated ? 'crontab is off' : definition ? 'switched off' : 'cannot run'}</span>${off && !unreadable ? html` ${offLine(off, view)}` : NOTHING}`;
}

function lastView(last: Log | undefined, view: Viewpoint): Html {
  if (!last) return html`<span class="line none">never<span class="label"> run</span></span>`;
  const { date, startedAt } = last;
  const [text] = shownMessages(last, view);
  const took = startedAt === undefined ? NOTHING : html`, took ${formatDuration(date - startedAt)}`;
  const message =
    text === undefined ? NOTHING : html`<span class="sub message" dir="auto" title="${text}">${text}</span>`;
  return html`<span class="line">${relativeView(date, view)}${took}</span>${message}`;
}
