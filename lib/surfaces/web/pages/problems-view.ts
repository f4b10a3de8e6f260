/** The problems of an input, each with its fix. */
import { html } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import type { Html } from './html.ts';
import { userText } from './user-text.ts';

/** Names the field of each problem. */
export function problemList(problems: readonly Problem[]): Html {
  return html`<ul class="problems">${problems.map(problemItem)}</ul>`;
}

export function problemItem(problem: Problem): Html {
  return html`<li><code>${problem.where}</code> ${problemWords(problem)}</li>`;
}

/** Without the field, for a place that names it. */
export function problemWords({ got, wanted, fix }: Problem): Html {
  return html`Got ${userText(got)}, wanted ${wanted}. ${fix}`;
}
