/** A list of planned runs, with remarks about clock changes. */
import { html } from 'hono/html';
import type { PlannedRun } from '../../../app/operations/preview.ts';
import { type Html, NOTHING } from './html.ts';
import { clockView, relativeView, type Viewpoint } from './time-view.ts';

export function runsList(runs: readonly PlannedRun[], view: Viewpoint): Html {
  return html`<ol class="planned">${runs.map(
    ({ plannedAt, remark }) =>
      html`<li><span>${clockView(plannedAt, view)}</span> <span class="faint">${relativeView(plannedAt, view)}</span>${remark === undefined ? NOTHING : html`<p class="remark">${remark}</p>`}</li>`,
  )}</ol>`;
}
