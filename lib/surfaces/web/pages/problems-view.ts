/** What is wrong with something that a person wrote, for a person to mend it. */
import { html } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import type { Html } from './html.ts';

/** Each with its field. */
export function problemList(problems: readonly Problem[]): Html {
  return html`<ul class="problems">${problems.map(
    (problem) => html`<li><code>${problem.where}</code> ${problemWords(problem)}</li>`,
  )}</ul>`;
}

/** Without the field, where that is said already. */
export function problemWords({ got, wanted, fix }: Problem): Html {
  return html`Got ${got}, wanted ${wanted}. ${fix}`;
}
