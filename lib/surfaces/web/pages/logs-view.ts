/** The logs of a cron, ten on each page, with links to the pages of the runs. */

import { html, raw } from 'hono/html';
import type { CronDetail } from '../../../app/operations/cron-view.ts';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import { LOGS_PAGE } from '../../../app/operations/read-logs.ts';
import type { Log } from '../../../core/domain/log.ts';
import { statusBadge } from './badges.ts';
import { type Gap, gapAfter, gapBetween } from './gaps.ts';
import { type Html, NOTHING } from './html.ts';
import { stepLink } from './layout.ts';
import { cronPath, runPath, whyPath } from './paths.ts';
import type { Rights } from './rights.ts';
import { clockView, lateText, relativeView, shownMessages, timeView, type Viewpoint } from './time-view.ts';
import { messageList, userText } from './user-text.ts';

export interface LogsSection {
  readonly cron: CronDetail;
  /** The index of the first log on this page. */
  readonly offset: number;
  readonly view: Viewpoint;
  readonly rights: Rights;
}

export function logsSection(section: LogsSection): Html {
  const { site, uid, logs } = section.cron;
  const shown = logs.slice(section.offset, section.offset + LOGS_PAGE);
  const afterNewest =
    logs[0] && section.offset === 0 ? gapAfter(section.cron, logs[0], section.view) : undefined;
  return html`<section class="card" id="logs" data-live aria-labelledby="logs-title"><form method="post" action="${cronPath(site, uid, 'do')}" data-run>
<div class="head"><h2 id="logs-title">Logs</h2>${logs.length > 0 ? html`<p class="faint">${shown.length}/${logs.length} last logs</p>` : NOTHING}${logs.length > 0 && section.rights.edits ? deleting(section.rights) : NOTHING}</div>
${logs.length === 0 ? emptyLogs(section) : html`<ol class="logs">${gapItem(afterNewest)}${shown.map((log, index) => itemWithGap(log, logs[section.offset + index + 1], section))}</ol>`}
${pager(section)}</form></section>`;
}

/** When it runs next, why not before, and a button that runs it now. */
function emptyLogs({ cron, view, rights }: LogsSection): Html {
  const { site, uid, definition, unreadable, active, job } = cron;
  const isRunning = job.runs.length > 0;
  const next =
    isRunning || job.next === undefined
      ? NOTHING
      : html` The next one is planned ${timeView(job.next, view)}.`;
  const mayRun = rights.operates && definition !== undefined && !unreadable && !isRunning;
  const evenOff = active ? NOTHING : html`<input type="hidden" name="even-off" value="yes">`;
  return html`<p class="none">${isRunning ? 'No run has ended yet.' : 'No run is recorded.'}${next} <a href="${whyPath(site, uid, view.now)}">Why?</a></p>
${mayRun ? html`<p class="actions">${evenOff}<button name="do" value="run">${active ? 'Run it now' : 'Run once, stays off'}</button></p>` : NOTHING}`;
}

/** The record, and what is not recorded between it and the older one. */
function itemWithGap(log: Log, older: Log | undefined, section: LogsSection): Html {
  const gap = older && gapBetween(section.cron, log, older, section.view);
  return html`${logItem(log, section)}${gapItem(gap)}`;
}

function gapItem(gap: Gap | undefined): Html {
  return gap ? html`<li class="gap">${gap.text}. <a href="${gap.why}">Why?</a></li>` : NOTHING;
}

function deleting({ readOnly }: Rights): Html {
  const disabled = readOnly ? raw(' disabled') : NOTHING;
  return html`<span class="with"><fieldset data-selected><legend class="hidden">Selected logs</legend><button class="quiet" name="do" value="delete-logs"${disabled}>Delete selected</button></fieldset>
<button class="quiet" name="do" value="delete-all-logs"${disabled}>Delete all</button></span>`;
}

function logItem(log: Log, { cron, view, rights }: LogsSection): Html {
  const { id, plannedAt, date, startedAt, status, messages, runId, requestedBy, covers } = log;
  const forced = runId !== undefined && id.endsWith(runId);
  const took = startedAt === undefined ? NOTHING : html` · took ${formatDuration(date - startedAt)}`;
  const late = lateText({ ...log, forced });
  const many =
    covers && covers.count > 1
      ? html` · covers ${covers.count} planned times from ${clockView(covers.from, view)}`
      : NOTHING;
  const title = runId === undefined ? NOTHING : html` title="run ${runId}"`;
  const byHand = requestedBy === undefined ? ' · by hand' : html` · requested by ${userText(requestedBy)}`;
  return html`<li class="log is-${status}">${rights.edits ? html`<input type="checkbox" name="log" value="${id}" id="log-${id}" aria-label="Select the log of ${clockText(plannedAt, view)}">` : NOTHING}
<div><p>${statusBadge(status)} <a class="run-link" href="${runPath(cron.site, cron.uid, id)}"${title}>${clockView(plannedAt, view)}</a> <span class="faint">${relativeView(plannedAt, view)}${took}${late === undefined ? NOTHING : ` · ${late}`}${many}${forced ? byHand : NOTHING}</span></p>
${messages.length > 0 ? messageList(shownMessages(log, view)) : NOTHING}</div>
</li>`;
}

function pager({ cron, offset }: LogsSection): Html {
  const total = cron.logs.length;
  if (total <= LOGS_PAGE) return NOTHING;
  const path = cronPath(cron.site, cron.uid);
  const to = (from: number) => {
    if (from + LOGS_PAGE <= 0 || from >= total) return undefined;
    return from <= 0 ? path : `${path}?offset=${from}`;
  };
  const last = Math.min(offset + LOGS_PAGE, total);
  return html`<nav class="pager" aria-label="Logs">${stepLink(to(offset - LOGS_PAGE), 'Newer', 'prev')}
<span>${offset + 1}–${last} of ${total}</span>
${stepLink(to(offset + LOGS_PAGE), 'Older', 'next')}</nav>`;
}
