/** Texts that users and runners wrote, in any script: each in its own direction, without reordering the text around it. */
import { html } from 'hono/html';
import type { Html } from './html.ts';

/** A part of a line. */
export function userText(text: string): Html {
  return html`<bdi>${text}</bdi>`;
}

/** The messages of a run; each begins at the side of its own script. */
export function messageList(messages: readonly string[]): Html {
  return html`<ul class="messages">${messages.map((message) => html`<li dir="auto">${message}</li>`)}</ul>`;
}
