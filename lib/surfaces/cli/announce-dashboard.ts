/** Lets the user of `cloudtab start`, and the programs of that user, find the dashboard. */
import { type FolderDoor, publishDoor, systemClock } from '../../client/folder-scheduler.ts';
import { dashboardUrl, type Serving } from '../web/local-server.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { styled } from './terminal.ts';

export interface Announcement {
  readonly dir: string;
  readonly write: (text: string) => void;
  /** Whether a user reads what is written. Otherwise it may be kept in a log, which must not contain the secret. */
  readonly isTerminal: boolean;
  /** Whether the user wants a browser. */
  readonly browser: boolean;
  readonly json?: true | undefined;
}

/**
 * Writes the door file and the address, and opens the browser of a user who has one. Returns a function that takes back what
 * holds no longer when the server has stopped.
 */
export function announceDashboard(
  { address, note = '' }: Pick<Serving, 'address' | 'note'>,
  door: FolderDoor,
  { dir, write, isTerminal, browser, json }: Announcement,
): () => void {
  const close = publishDoor(door, address);
  if (json) {
    write(`${JSON.stringify({ address })}\n`);
    return close;
  }
  const url = dashboardUrl(address, door.token());
  const hint = `${address}, below a secret path that "cloudtab door --dir ${dir}" prints`;
  write(`${note}Dashboard: ${isTerminal ? styled('bold', url) : hint}\n\n`);
  if (!browser || !hasBrowser(isTerminal)) return close;
  const removeFile = openBrowser(url, systemClock);
  return () => {
    removeFile();
    close();
  };
}
