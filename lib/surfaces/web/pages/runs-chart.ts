/**
 * The latest runs of a cron as bars, oldest first: the height is the duration. Each bar is a link, and what was not OK has a
 * shape below it besides its colour.
 */

import { html } from 'hono/html';
import type { CronView } from '../../../app/operations/cron-view.ts';
import { formatDuration } from '../../../app/operations/format-duration.ts';
import { clockText } from '../../../app/operations/local-time.ts';
import type { RunItem } from '../../../app/operations/read-runs.ts';
import { durationOf, longDuration, usualDuration } from '../../../core/domain/durations.ts';
import { statusText } from './badges.ts';
import { type Gap, gapBetween } from './gaps.ts';
import { type Html, NOTHING } from './html.ts';
import { runPath } from './paths.ts';
import type { Viewpoint } from './time-view.ts';

/** So many runs are drawn. */
export const CHART_RUNS = 30;

/** In pixels: of a bar of the longest duration, and of one of no duration. */
const HEIGHT = 96;
const LEAST = 4;
/** Fewer runs than this do not fill the width. */
const LEAST_BARS = 15;

const MARKS: Partial<Record<RunItem['status'], string>> = {
  FAILURE: '■',
  WARN: '▲',
  NOTRUN: '◇',
  RUNNING: '…',
};

export interface RunsChart {
  readonly cron: CronView;
  /** The newest first. */
  readonly runs: readonly RunItem[];
  readonly trend: Html;
  readonly view: Viewpoint;
}

/** Hidden as long as there are no runs. */
export function runsChart({ cron, runs, trend, view }: RunsChart): Html {
  if (runs.length === 0) return html`<section class="card" id="bars" data-live hidden></section>`;
  return html`<section class="card" id="bars" data-live aria-labelledby="bars-title"><div class="head"><h2 id="bars-title">Last runs</h2><p>${trend}</p></div>
${runs.every(({ status }) => status === 'NOTRUN') ? html`<p class="none">${noRunText(runs.length)}</p>` : drawing(cron, runs, view)}</section>`;
}

/** Without a duration there is nothing to draw. */
function noRunText(count: number): string {
  return count === 1 ? 'The last planned time did not run.' : `None of the last ${count} planned times ran.`;
}

function drawing(cron: CronView, runs: readonly RunItem[], view: Viewpoint): Html {
  const timeoutMs = cron.definition && cron.definition.timeout * 1000;
  const lines = [
    { name: 'median', text: 'median', duration: usualDuration(runs) },
    { name: 'p95', text: 'p95', duration: longDuration(runs) },
    { name: 'limit', text: 'time limit', duration: timeoutMs },
  ].flatMap(({ duration, ...line }) => (duration === undefined ? [] : [{ ...line, duration }]));
  const longest = Math.max(1, ...runs.map((run) => durationOf(run) ?? 0));
  const top = timeoutMs !== undefined && timeoutMs <= 2 * longest ? Math.max(timeoutMs, longest) : longest;
  const heightOf = (duration: number) => LEAST + ((HEIGHT - LEAST) * duration) / top;
  const items = runs.flatMap((run, index) => {
    const older = runs[index + 1];
    const gap = older && gapBetween(cron, run, older, view);
    return gap ? [run, gap] : [run];
  });
  const slots = Math.max(items.length, LEAST_BARS);
  const bars = items.map((item, index) => {
    const left = (slots - index - 1) / slots;
    return 'why' in item ? gapMark(item, left, 1 / slots) : bar(item, left, 1 / slots, heightOf, view);
  });
  return html`<svg class="bars" role="group" aria-label="Durations of the last ${runs.length} runs, oldest first">${bars.reverse()}${lines.map(
    ({ name, duration }) =>
      duration > top
        ? NOTHING
        : html`<line class="${name}" x1="0" x2="100%" y1="${rounded(HEIGHT - heightOf(duration))}" y2="${rounded(HEIGHT - heightOf(duration))}"/>`,
  )}</svg>
<ul class="legend">${lines.map(({ name, text, duration }) => html`<li><svg class="bars" aria-hidden="true"><line class="${name}" x1="0" x2="100%" y1="14" y2="14"/></svg>${text} ${formatDuration(duration)}</li>`)}${successRate(runs)}</ul>`;
}

function bar(
  run: RunItem,
  left: number,
  width: number,
  heightOf: (duration: number) => number,
  view: Viewpoint,
): Html {
  const { site, uid, id, status, plannedAt } = run;
  const duration = durationOf(run);
  const height = duration === undefined ? LEAST : heightOf(duration);
  const took = duration === undefined ? '' : `, took ${formatDuration(duration)}`;
  const mark = MARKS[status];
  const label = `${statusText(status)}, ${clockText(plannedAt, view)}${took}`;
  return html`<a href="${runPath(site, uid, id)}"><title>${label}</title><rect class="finger" x="${percent(left)}" width="${percent(width)}" height="100%"/><rect class="bar ${status}" x="${percent(left + width * 0.15)}" width="${percent(width * 0.7)}" y="${rounded(HEIGHT - height)}" height="${rounded(height)}"/>${
    mark === undefined
      ? NOTHING
      : html`<text x="${percent(left + width / 2)}" y="${HEIGHT + 13}">${mark}</text>`
  }</a>`;
}

/** A place without a bar. */
function gapMark({ text, why }: Gap, left: number, width: number): Html {
  return html`<a href="${why}" class="gap" aria-label="${text}. Why?"><title>${text}. Why?</title><rect class="finger" x="${percent(left)}" width="${percent(width)}" height="100%"/><text x="${percent(left + width / 2)}" y="${HEIGHT + 13}">?</text></a>`;
}

/** Of those that ran to an end. */
function successRate(runs: readonly RunItem[]): Html {
  const ended = runs.filter(({ status }) => status !== 'NOTRUN' && status !== 'RUNNING');
  if (ended.length === 0) return NOTHING;
  const good = ended.filter(({ status }) => status !== 'FAILURE').length;
  return html`<li>${Math.floor((100 * good) / ended.length)} % of ${ended.length} succeeded</li>`;
}

const percent = (part: number) => `${rounded(part * 100)}%`;
const rounded = (value: number) => Math.round(value * 100) / 100;
