/** The button that switches a cron or a crontab on or off, with a note for the history when it switches off. */
import { html, raw } from 'hono/html';
import type { Form } from './form-data.ts';
import { type Html, NOTHING } from './html.ts';

interface Switch {
  readonly action: string;
  /** The names of both actions begin with it. */
  readonly prefix?: string;
  readonly activated: boolean;
  readonly readOnly: boolean;
}

/** A form of its own, so that Enter in the note does nothing but switch. The note appears when the user asks for it. */
export function switchForm({ action, prefix = '', activated, readOnly }: Switch): Html {
  const disabled = readOnly ? raw(' disabled') : NOTHING;
  const to = activated ? 'off' : 'on';
  const button = html`<button name="do" value="${prefix}${to}"${disabled}>Switch ${to}</button>`;
  if (!activated || readOnly) return html`<form method="post" action="${action}">${button}</form>`;
  return html`<details class="menu" id="switch"><summary class="button">Switch off</summary><form method="post" action="${action}">${noteField('note')}${button}</form></details>`;
}

/** The note of a switch, with that id. */
export function noteField(id: string): Html {
  return html`<label for="${id}">Note <span class="faint">(optional)</span></label>
<input type="text" name="note" id="${id}" maxlength="200" dir="auto" autocomplete="off">`;
}

/** What the operations that switch accept. */
export function noteOf(form: Form): { note?: string } {
  const note = form.one('note').trim();
  return note === '' ? {} : { note };
}
