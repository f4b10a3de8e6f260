/** The shortest walk through all of the dashboard: a cron is added, run, edited, looked up in its history, and deleted. */
import type { Person } from './person.ts';

/** Begins at the overview of the default site, and leaves it as it was. */
export async function walkMainPath(ada: Person, uid: string): Promise<void> {
  await ada.open('/sites/default/new');
  await ada.types('Uid', uid);
  await ada.ticks(/^heartbeat/);
  await ada.types('Environ', '{"warn": "said the heartbeat"}');
  await ada.types('Periodicity', '0 0 1 1 *');
  await ada.clicks('button', 'Add the cron');
  await ada.sees(`Added "${uid}" to the crontab of "default".`);
  await ada.clicks('button', 'Run now');
  await ada.sees(new RegExp(`The run of ${uid} ended in`));
  await ada.sees('said the heartbeat');
  await ada.clicks('link', 'Edit');
  await ada.types('Periodicity', '0 0 1 2 *');
  await ada.clicks('button', 'Save');
  await ada.sees('was changed: periodicity from "0 0 1 1 *" to "0 0 1 2 *".');
  await ada.clicks('link', 'History');
  await ada.sees('Version 2');
  await ada.clicks('link', 'default');
  await ada.sees(uid);
  await ada.clicks('link', uid);
  await ada.clicks('button', 'Delete');
  await ada.sees(`Delete ${uid}?`);
  await ada.clicks('button', 'Delete');
  await ada.sees('was removed, with its logs.');
}
