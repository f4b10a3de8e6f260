/** A line of a list of facts. */
import { html } from 'hono/html';
import type { Html } from './html.ts';

export function fact(term: Html | string, value: Html | string): Html {
  return html`<div><dt>${term}</dt><dd>${value}</dd></div>`;
}
