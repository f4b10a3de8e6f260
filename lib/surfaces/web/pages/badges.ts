/** The health of a cron and the status of a run as a word, a shape and a colour: never as a colour alone. */
import { html } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { shortTrendText, trendText } from '../../../app/operations/trend-text.ts';
import type { Health } from '../../../core/domain/health.ts';
import type { Status } from '../../../core/domain/run-record.ts';
import { type Html, NOTHING } from './html.ts';
import type { Viewpoint } from './time-view.ts';

const HEALTH_WORDS: Record<Health, string> = {
  broken: 'Broken',
  late: 'Late',
  running: 'Running',
  off: 'Off',
  failing: 'Failing',
  flapping: 'Flapping',
  warning: 'Warning',
  new: 'New',
  ok: 'OK',
};

const STATUS_WORDS: Record<Status | 'RUNNING', string> = {
  RUNNING: 'Running',
  OK: 'OK',
  WARN: 'Warning',
  FAILURE: 'Failed',
  NOTRUN: 'Not run',
};

export function healthBadge(health: Health): Html {
  return html`<span class="badge is-${health}">${HEALTH_WORDS[health]}</span>`;
}

/** How many of its last runs failed, and since when, if the cron is on and any did. */
export function trendView({ active, trend }: CronView, { now, timezone }: Viewpoint): Html {
  const text = active ? trendText(trend, now, timezone) : undefined;
  if (text === undefined) return NOTHING;
  return html`<span class="trend${trend.failuresInRow > 0 ? ' is-bad' : ''}">${text}</span>`;
}

/** The same for a list: in a few characters, with all of it as its title. */
export function shortTrendView({ active, trend }: CronView, { now, timezone }: Viewpoint): Html {
  const text = active ? shortTrendText(trend) : undefined;
  if (text === undefined) return NOTHING;
  const title = trendText(trend, now, timezone);
  return html`<span class="trend${trend.failuresInRow > 0 ? ' is-bad' : ''}" title="${title}">${text}</span>`;
}

export function statusText(status: Status | 'RUNNING'): string {
  return STATUS_WORDS[status];
}

export function statusBadge(status: Status | 'RUNNING'): Html {
  if (status === 'RUNNING') return healthBadge('running');
  return html`<span class="badge is-${status}">${STATUS_WORDS[status]}</span>`;
}

/** The latest runs as a row of marks, oldest first. */
export function runStrip(statuses: readonly Status[], most = 10): Html {
  if (statuses.length === 0) return html`<span class="none">no runs yet</span>`;
  const shown = statuses.slice(0, most).reverse();
  const words = shown.map((status) => STATUS_WORDS[status]).join(', ');
  const label = `Last ${shown.length === 1 ? 'run' : `${shown.length} runs, oldest first`}: ${words}`;
  return html`<span class="strip" role="img" aria-label="${label}" title="${label}">${shown.map(
    (status) => html`<i class="${status}"></i>`,
  )}</span>`;
}
