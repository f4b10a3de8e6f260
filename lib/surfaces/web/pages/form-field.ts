/** One input with its label, its hint and its problems, tied together for those who cannot see them. */
import { html, raw } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import { type Html, NOTHING } from './html.ts';
import { problemWords } from './problems-view.ts';

export interface FieldOptions {
  readonly name: string;
  readonly label: string;
  readonly hint?: Html | string;
  /** All problems of the form: those of this field are found by their place. */
  readonly problems: readonly Problem[];
  /** The input, with the attributes that tie it to label, hint and problems. */
  readonly input: (attributes: Html) => Html;
}

export function formField({ name, label, hint, problems, input }: FieldOptions): Html {
  const own = problemsAt(problems, name);
  return html`<div class="field${own.length > 0 ? ' is-wrong' : ''}"><label for="${name}">${label}</label>
${input(tied(name, hint !== undefined, own.length > 0))}
${hint === undefined ? NOTHING : html`<p class="hint" id="${name}-hint">${hint}</p>`}${fieldProblems(name, own)}</div>`;
}

/** What is wrong with one field, for beside it. */
export function fieldProblems(name: string, own: readonly Problem[]): Html {
  if (own.length === 0) return html``;
  return html`<ul class="wrong" id="${name}-problems">${own.map(
    (problem) =>
      html`<li>${problem.where === name ? NOTHING : html`<code>${problem.where}</code> `}${problemWords(problem)}</li>`,
  )}</ul>`;
}

/** The problems of a field or of what is within it, such as `environ.url`. */
export function problemsAt(problems: readonly Problem[], name: string): Problem[] {
  return problems.filter(({ where }) => where === name || where.startsWith(`${name}.`));
}

/**
 * All problems in one place at the top, each a way to its field. `known` are the fields that the form has; `isSent`
 * says that they are of what was just sent, and not of what stands.
 */
export function problemSummary(
  problems: readonly Problem[],
  known: readonly string[],
  isSent: boolean,
): Html {
  if (problems.length === 0) return html``;
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return html`<section class="banner is-refused" role="alert" id="problems" tabindex="-1"><h2>${isSent ? `${count}: nothing was saved` : `${count} of the version that stands, which is not in force`}</h2><ul>${problems.map(
    (problem) => {
      const name = known.find((field) => problemsAt([problem], field).length > 0);
      return name === undefined
        ? html`<li><code>${problem.where}</code> ${problemWords(problem)}</li>`
        : html`<li><a href="#${name}">${problem.where}</a>: wanted ${problem.wanted}</li>`;
    },
  )}</ul></section>`;
}

function tied(name: string, hasHint: boolean, isWrong: boolean): Html {
  const by = [...(hasHint ? [`${name}-hint`] : []), ...(isWrong ? [`${name}-problems`] : [])].join(' ');
  return html`id="${name}" name="${name}"${by === '' ? NOTHING : html` aria-describedby="${by}"`}${isWrong ? raw(' aria-invalid="true"') : NOTHING}`;
}
