/** A list of planned runs, with remarks about clock changes. */
import { html } from 'hono/html';
import type { PlannedRun } from '../../../app/operations/preview.ts';
import { type Html, NOTHING } from './html.ts';
import { clockView, relativeView, type Viewpoint } from './time-view.ts';

/** `linkOf` is the address behind each time. Absent: there is none. */
export function runsList(
  runs: readonly PlannedRun[],
  view: Viewpoint,
  linkOf?: (time: number) => string,
): Html {
  const clock = (time: number) =>
    linkOf
      ? html`<a href="${linkOf(time)}" title="Why?">${clockView(time, view)}</a>`
      : clockView(time, view);
  return html`<ol class="planned">${runs.map(
    ({ plannedAt, remark }) =>
      html`<li><span>${clock(plannedAt)}</span> <span class="faint">${relativeView(plannedAt, view)}</span>${remark === undefined ? NOTHING : html`<p class="remark">${remark}</p>`}</li>`,
  )}</ol>`;
}
