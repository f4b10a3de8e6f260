/** The button that restores crons after they were deleted. */
import { html } from 'hono/html';
import { pluralize } from '../../../app/operations/messages.ts';
import { hiddenInputs } from './form-field.ts';
import { type Html, NOTHING } from './html.ts';
import { sitePath } from './paths.ts';

/** The action of the button, as one on several crons. */
export const UNDO_DELETE = 'undo-delete';

/** Nothing if no cron was deleted. `back`: the list to return to. */
export function undoForm(site: string, removed: readonly string[], back: string): Html {
  if (removed.length === 0) return NOTHING;
  return html`<form method="post" action="${sitePath(site, 'do')}">${hiddenInputs({ uids: removed.join(' '), back })}
<button name="do" value="${UNDO_DELETE}">Undo<span class="hidden"> the deletion of ${pluralize(removed.length, 'cron')}</span></button></form>`;
}
