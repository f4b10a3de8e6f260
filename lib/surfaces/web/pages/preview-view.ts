/** A periodicity in words with its next runs, or its problems, beside the fields of the form. */

import { html } from 'hono/html';
import { clockText } from '../../../app/operations/local-time.ts';
import type { CronPreview } from '../../../app/operations/preview-cron.ts';
import { withTimes } from '../../../core/domain/messages-with-times.ts';
import { type Html, NOTHING } from './html.ts';
import { problemWords } from './problems-view.ts';
import { runsList } from './runs-view.ts';
import type { Viewpoint } from './time-view.ts';

export function previewView(preview: CronPreview | undefined, view: Viewpoint): Html {
  if (!preview) return html`<p class="none">The schedule in words and its next five runs appear here.</p>`;
  const { words, runs, problems, clockChange, crowd } = preview;
  if (problems.length > 0) {
    return html`<ul class="wrong">${problems.map((problem) => html`<li>${problemWords(problem)}</li>`)}</ul>`;
  }
  return html`<p class="words">${words}</p>${runs.length > 0 ? runsList(runs, view) : html`<p class="none">It never runs.</p>`}${remark(clockChange)}${remark(crowd && withTimes(crowd, (time) => clockText(time, view)))}`;
}

function remark(text: string | undefined): Html {
  return text === undefined ? NOTHING : html`<p class="remark">${text}</p>`;
}
