/** Short pages: a confirmation, and a refusal. */
import { html } from 'hono/html';
import type { HttpProblem } from '../http-error.ts';
import { hiddenInputs } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { sitePath } from './paths.ts';
import { problemList } from './problems-view.ts';

export interface Question {
  readonly title: string;
  /** The consequence of the action, in a sentence. */
  readonly text: string;
  /** The crons that it affects, if it names them. */
  readonly names?: readonly string[];
  /** The label of the button that confirms. */
  readonly yes: string;
  /** It deletes something. Default: it can be undone. */
  readonly deletes?: boolean;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The target of the link that cancels. */
  readonly back: string;
}

/** Asks the user to confirm an action. */
export function confirmPage(question: Question): Html {
  const { title, text, names = [], yes, deletes = false, action, fields, back } = question;
  return html`<section class="card narrow"><h1>${title}</h1><p>${text}</p>
${names.length > 0 ? html`<ul class="names">${names.map((name) => html`<li><code>${name}</code></li>`)}</ul>` : NOTHING}
<form method="post" action="${action}">${hiddenInputs({ ...fields, sure: 'yes' })}
<p class="actions"><button class="${deletes ? 'danger solid' : 'primary'}">${yes}</button> <a class="button" href="${back}">${deletes ? 'Keep' : 'Cancel'}</a></p></form></section>`;
}

const TITLES: Partial<Record<HttpProblem['status'], string>> = {
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not now',
  412: 'Changed in the meantime',
  422: 'Not valid',
  503: 'Not reachable',
};

export function refusalTitle({ status }: HttpProblem): string {
  return TITLES[status] ?? (status >= 500 ? 'Something went wrong' : 'Not understood');
}

/** `site` is that of the path, if the page is one below it. */
export function refusalPage(refusal: HttpProblem, site?: string): Html {
  const toSite = site === undefined ? NOTHING : html`<a href="${sitePath(site)}">To the site ${site}</a> · `;
  return html`<section class="card narrow"><h1>${refusalTitle(refusal)}</h1><p class="sentence">${refusal.detail}</p>
${refusal.problems ? problemList(refusal.problems) : NOTHING}<p>${toSite}<a href="/sites">To all sites</a></p></section>`;
}
