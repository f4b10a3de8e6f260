/** The environ of a cron or of a run as a table. */
import { html } from 'hono/html';
import type { Json, JsonObject } from '../../../core/domain/cron.ts';
import { isSecretReference } from '../../../core/domain/secret-reference.ts';
import type { Html } from './html.ts';

/** A row for each setting. A secret is shown as the name of its reference. */
export function environTable(environ: JsonObject): Html {
  const entries = Object.entries(environ);
  if (entries.length === 0) return html`<p class="none">No settings.</p>`;
  return html`<table class="environ"><caption class="hidden">Environ</caption>
<thead class="hidden"><tr><th scope="col">Setting</th><th scope="col">Value</th></tr></thead>
<tbody>${entries.map(([name, value]) => html`<tr><th scope="row"><code>${name}</code></th><td dir="auto">${valueView(value)}</td></tr>`)}</tbody></table>`;
}

function valueView(value: Json): Html {
  if (isSecretReference(value)) return html`<span class="tag">secret</span> <code>${value.$secret}</code>`;
  if (typeof value === 'object' && value !== null) return html`<pre>${JSON.stringify(value, null, 2)}</pre>`;
  return html`<code>${typeof value === 'string' ? value : JSON.stringify(value)}</code>`;
}
