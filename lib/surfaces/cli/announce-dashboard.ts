/** Lets the user of `cloudtab start` find the dashboard. */
import { type FolderDoor, systemClock } from '../../client/folder-scheduler.ts';
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
 * Writes the address, and opens the browser of a user who has one. Returns a function that removes what the browser was opened
 * with.
 */
export function announceDashboard(
  { address, note = '' }: Pick<Serving, 'address' | 'note'>,
  door: Pick<FolderDoor, 'token'>,
  { dir, write, isTerminal, browser, json }: Announcement,
): (() => void) | undefined {
  if (json) {
    write(`${JSON.stringify({ address })}\n`);
    return undefined;
  }
  const url = dashboardUrl(address, door.token());
  const hint = `${address}, below a secret path that "cloudtab door --dir ${dir}" prints`;
  write(`${note}Dashboard: ${isTerminal ? styled('bold', url) : hint}\n\n`);
  return browser && hasBrowser(isTerminal) ? openBrowser(url, systemClock) : undefined;
}
