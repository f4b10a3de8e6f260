/** A forced run from the request to its result, on the page from which the user forced it. */
import { html } from 'hono/html';
import type { CronDetail } from '../../../app/operations/cron-view.ts';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { healthBadge, statusBadge } from './badges.ts';
import { type Html, NOTHING } from './html.ts';
import { cronPath } from './paths.ts';
import { shownMessages, type Viewpoint } from './time-view.ts';
import { messageList } from './user-text.ts';

/** The run whose result the user waits for. */
export interface WatchedRun {
  readonly cron: CronDetail;
  readonly runId: string;
}

/** The query parameter that names the watched run. */
export function watchText({ uid, runId }: { readonly uid: string; readonly runId: string }): string {
  return `watch=${encodeURIComponent(`${uid}~${runId}`)}`;
}

/** Undefined if the parameter is missing or malformed. */
export function parseWatch(
  text: string | undefined,
): { readonly uid: string; readonly runId: string } | undefined {
  const [, uid, runId] = /^([A-Za-z0-9_-]{1,36})~([\w-]{1,64})$/.exec(text ?? '') ?? [];
  return uid !== undefined && runId !== undefined ? { uid, runId } : undefined;
}

/** Whether the run has a result. */
export function isEnded({ cron, runId }: WatchedRun): boolean {
  return resultOf({ cron, runId }) !== undefined;
}

export function watchPanel(watched: WatchedRun | undefined, view: Viewpoint): Html {
  return html`<div id="watch" data-live role="status">${watched ? panel(watched, view) : NOTHING}</div>`;
}

function panel(watched: WatchedRun, view: Viewpoint): Html {
  const { cron, runId } = watched;
  const name = html`<a href="${cronPath(cron.site, cron.uid)}">${cron.uid}</a>`;
  const log = resultOf(watched);
  if (log) {
    const took = log.startedAt === undefined ? '' : ` in ${formatDuration(log.date - log.startedAt)}`;
    return html`<section class="banner result is-${log.status}"><h2>${statusBadge(log.status)} The run of ${name} ended${took}</h2>
${log.messages.length > 0 ? messageList(shownMessages(log, view)) : NOTHING}</section>`;
  }
  const run = cron.job.runs.find((one) => one.runId === runId);
  const state = run
    ? html`runs for ${formatDuration(Math.max(0, view.now - run.claimedAt))}`
    : cron.job.waiting.some(({ forced }) => forced === runId)
      ? html`waits until the run in progress has ended`
      : html`is about to start`;
  const badge = run ? healthBadge('running') : html`<span class="badge is-new">Waiting</span>`;
  return html`<section class="banner result is-running"><h2>${badge} The run of ${name} ${state}</h2>
<p class="faint">Its result appears here.</p></section>`;
}

function resultOf({ cron, runId }: WatchedRun) {
  return cron.logs.find((log) => log.runId === runId);
}
