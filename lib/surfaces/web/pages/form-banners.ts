/** What stands above the form of a cron. */
import { html } from 'hono/html';
import type { FieldChange } from '../../../core/domain/errors.ts';
import { type Html, NOTHING } from './html.ts';
import { sitePath } from './paths.ts';

/** Why it was not saved, though nothing is wrong with what was typed. */
export function refusedBanner(detail: string, changes: readonly FieldChange[] = []): Html {
  return html`<section class="banner is-refused" role="alert"><h2>Not saved</h2><p>${detail}</p>${
    changes.length > 0
      ? html`<ul>${changes.map(({ field, was, is }) => html`<li><code>${field}</code>${was === undefined ? NOTHING : html` was <code>${was}</code>`}${is === undefined ? NOTHING : html`, is now <code>${is}</code>`}</li>`)}</ul><p>What you typed is still here. Saving it again replaces that.</p>`
      : NOTHING
  }</section>`;
}

export function newCronHeader(site: string, banner: Html | undefined, form: Html): Html {
  return html`<nav class="crumbs" aria-label="Where you are"><a href="${sitePath(site)}">${site}</a> <span aria-hidden="true">/</span> new</nav>
<div class="title"><h1>New cron</h1></div>${banner ?? NOTHING}${form}`;
}
