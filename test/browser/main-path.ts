/** The shortest path through the dashboard: add, run, edit and delete a cron, and look at its history. */
import type { Person } from './person.ts';

/** The button that saves a form. */
export const SAVE = '.cron-form [name="do"][value="save"]';
/** The button that confirms an action that cannot be undone. */
export const CONFIRM = 'form:has([name="sure"]) button';
/** The message of an action that was done. */
export const DONE = '#flash .is-done';

/** Leaves the default site as it was. */
export async function walkMainPath(ada: Person, uid: string): Promise<void> {
  await ada.open('/sites/default/new');
  await ada.types('uid', uid);
  await ada.ticks('[name="runner"][value="heartbeat"]');
  await ada.types('environ.warn@heartbeat', 'The disk is nearly full.');
  await ada.types('periodicity', '0 0 1 1 *');
  await ada.clicks('button', SAVE);
  await ada.finds(DONE, uid);
  await ada.clicks('button', '#run-now');
  await ada.finds('#watch .result.is-WARN', 'The disk is nearly full.');
  await ada.clicks('link', '.tabs [href$="/edit"]');
  await ada.types('periodicity', '0 0 1 2 *');
  await ada.clicks('button', SAVE);
  await ada.finds(DONE, '"0 0 1 2 *"');
  await ada.clicks('link', '.tabs [href$="/history"]');
  await ada.finds('.versions > :first-child ins', '0 0 1 2 *');
  await ada.finds('.versions > :nth-child(2)');
  await ada.clicks('link', '.crumbs [href$="/sites/default"]');
  await ada.clicks('link', `#rows [href$="/crons/${uid}"]`);
  await ada.clicks('button', '#title [value="delete"]');
  await ada.finds('section:has([name="sure"]) h1', uid);
  await ada.clicks('button', CONFIRM);
  await ada.finds(DONE, uid);
  await ada.misses(`#pick-${uid}`);
}
