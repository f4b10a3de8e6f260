/** What saving a form would change: each field that differs, as it is stored and as it was typed. */
import { html } from 'hono/html';
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import { CRON_FIELDS, diffFields, mergeFields } from '../../../core/domain/cron-fields.ts';
import type { Html } from './html.ts';

/** `edit` holds the fields of the form; null means the default. */
export function changesView(stored: JsonObject, edit: JsonObject): Html {
  const changes = diffFields(stored, mergeFields(stored, edit), CRON_FIELDS);
  return html`<section class="card" id="changes" aria-labelledby="changes-title"><h2 id="changes-title">What saving changes</h2>${
    changes.length === 0
      ? html`<p class="none">The form has the stored values: saving it changes nothing.</p>`
      : html`<table class="changes"><caption class="hidden">The stored values and those of the form</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Stored</th><th scope="col">In the form</th></tr></thead>
<tbody>${changes.map(({ field, before, after }) => html`<tr><th scope="row"><code>${field}</code></th><td>${valueView(before)}</td><td>${valueView(after)}</td></tr>`)}</tbody></table>`
  }</section>`;
}

function valueView(value: Json | undefined): Html {
  if (value === undefined) return html`<span class="none">not set</span>`;
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}
