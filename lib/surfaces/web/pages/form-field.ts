/** An input with its label, hint and problems, linked by ARIA attributes. */
import { html, raw } from 'hono/html';
import type { Problem } from '../../../core/domain/problem.ts';
import { type Html, NOTHING } from './html.ts';
import { problemItem, problemWords } from './problems-view.ts';

export interface FieldOptions {
  /** The id of the input, and the field of its problems. */
  readonly name: string;
  /** The name under which it is sent. Default: `name`. */
  readonly sentAs?: string;
  readonly label: Html | string;
  readonly hint?: Html | string;
  /** All problems of the form; the field shows its own. */
  readonly problems: readonly Problem[];
  /** Renders the input with the attributes that link it to the label, the hint and the problems. */
  readonly input: (attributes: Html) => Html;
}

/** The time zone of a cron or a crontab. An empty field means `fallback`. */
export function timezoneField(
  value: string,
  fallback: string,
  { hint, problems }: Pick<FieldOptions, 'hint' | 'problems'>,
): Html {
  return formField({
    name: 'timezone',
    label: 'Time zone',
    hint,
    problems,
    input: (tied) =>
      html`<input ${tied} value="${value}" list="zones" autocomplete="off" spellcheck="false" placeholder="${fallback}"><datalist id="zones">${Intl.supportedValuesOf('timeZone').map((zone) => html`<option value="${zone}"></option>`)}</datalist>`,
  });
}

export function formField({ name, sentAs = name, label, hint, problems, input }: FieldOptions): Html {
  const own = problemsAt(problems, name);
  return html`<div class="field${own.length > 0 ? ' is-wrong' : ''}"><label for="${name}">${label}</label>
${input(html`name="${sentAs}" ${tied(name, hint !== undefined, own.length > 0)}`)}
${hint === undefined ? NOTHING : html`<p class="hint" id="${name}-hint">${hint}</p>`}${fieldProblems(name, own)}</div>`;
}

export function optionItems(options: Readonly<Record<string, string>>, chosen: string): Html[] {
  return Object.entries(options).map(
    ([value, text]) =>
      html`<option value="${value}"${value === chosen ? raw(' selected') : NOTHING}>${text}</option>`,
  );
}

export function hiddenInputs(fields: Readonly<Record<string, string | number>>): Html[] {
  return Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
}

/** The empty option, with `emptyText`, means the default. An invalid value is kept as an option. */
export function choiceOptions(
  options: Readonly<Record<string, string>>,
  chosen: string,
  emptyText: string,
): Html {
  const isInvalid = chosen !== '' && !Object.hasOwn(options, chosen);
  return html`<option value="">${emptyText}</option>${optionItems(options, chosen)}${isInvalid ? html`<option value="${chosen}" selected>${chosen}</option>` : NOTHING}`;
}

export function warningTexts(warnings: readonly string[] = []): Html[] {
  return warnings.map((warning) => html` <strong>${warning}</strong>`);
}

/** The list of problems beside a field. */
export function fieldProblems(name: string, own: readonly Problem[]): Html {
  if (own.length === 0) return NOTHING;
  return html`<ul class="wrong" id="${name}-problems">${own.map((problem) =>
    problem.where === name ? html`<li>${problemWords(problem)}</li>` : problemItem(problem),
  )}</ul>`;
}

/** The problems of a field and of its parts, such as `environ.url`. */
export function problemsAt(problems: readonly Problem[], name: string): Problem[] {
  return problems.filter(({ where }) => where === name || where.startsWith(`${name}.`));
}

/**
 * All problems of a form, each with a link to its field. `fields` are the fields of the form. `isSent`: the problems are
 * those of the submitted form, not of the stored version.
 */
export function problemSummary(
  problems: readonly Problem[],
  fields: readonly string[],
  isSent: boolean,
): Html {
  if (problems.length === 0) return NOTHING;
  const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
  return html`<section class="banner is-refused" role="alert" id="problems" tabindex="-1"><h2>${isSent ? `${count}: nothing was saved` : `${count} in the latest version, which is not in force`}</h2><ul>${problems.map(
    (problem) => {
      const name = fields.find((field) => problemsAt([problem], field).length > 0);
      return name === undefined
        ? problemItem(problem)
        : html`<li><a href="#${name}">${problem.where}</a>: wanted ${problem.wanted}</li>`;
    },
  )}</ul></section>`;
}

function tied(name: string, hasHint: boolean, isWrong: boolean): Html {
  const by = [...(hasHint ? [`${name}-hint`] : []), ...(isWrong ? [`${name}-problems`] : [])].join(' ');
  return html`id="${name}"${by === '' ? NOTHING : html` aria-describedby="${by}"`}${isWrong ? raw(' aria-invalid="true"') : NOTHING}`;
}
