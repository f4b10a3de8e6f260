/** `cloudtab start`: runs the crontab of a folder, serves its dashboard and prints its events, until Ctrl-C. */

import { relative as relativePath, resolve } from 'node:path';
import {
  FolderScheduler,
  MAX_RETENTION_DAYS,
  SAMPLE_UID,
  systemClock,
} from '../../client/folder-scheduler.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import type { Event } from '../../core/domain/event.ts';
import { SITE, SITE_RULE } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import { serveScheduler } from '../web/scheduler-server.ts';
import { announceDashboard } from './announce-dashboard.ts';
import { eventContexts } from './event-context.ts';
import { Printer } from './printer.ts';
import { runnersFolder } from './runners-folder.ts';
import { untilStopped } from './stopped.ts';
import { fitting } from './table.ts';
import { styled, terminalWidth } from './terminal.ts';
import { portOf, wholeNumber } from './whole-number.ts';
import { writeProfile } from './write-profile.ts';

export interface StartOptions {
  readonly dir: string;
  /** Port of the dashboard. Default: a free port. */
  readonly port?: string;
  /** How long run records are kept from now on, in days. Default: as the folder's settings have it. */
  readonly retention?: string;
  /** The file of the crontab of a new folder. Default: a sample. */
  readonly profile?: string;
  /** Site of the crontab of a new folder. */
  readonly site: string;
  /** Whether to open the dashboard in the browser, on a terminal of a desktop. */
  readonly browser: boolean;
  /** Print a line of JSON per event. */
  readonly json?: true;
}

/* v8 ignore start -- @preserve: test/surfaces/cli/start.test.ts runs it in a process of its own */
/** Returns after Ctrl-C, when all runs have ended. Throws InvalidError for an invalid site, port or retention. */
export async function start(options: StartOptions): Promise<void> {
  const { dir, port: typed, retention, profile, site, json, browser } = options;
  if (!SITE.test(site)) {
    const fix = 'Correct the name.';
    throw new InvalidError([{ where: '--site', got: formatValue(site), wanted: SITE_RULE, fix }]);
  }
  // Validate before anything starts: a run cannot be undone.
  const port = typed === undefined ? undefined : portOf(typed);
  const write = (text: string) => void process.stdout.write(text);
  const say = (text: string) => (json ? undefined : write(text));
  const printer = new Printer(write, () => systemClock.now(), terminalWidth);
  const scheduler = new FolderScheduler(dir, {
    logger: json ? undefined : printer,
    runnerFolder: runnersFolder(process.env),
    retentionDays: retention === undefined ? undefined : retentionOf(retention),
  });
  const { calls, door, registry } = scheduler;
  const contextOf = eventContexts(calls.as({}));
  // One after the other: a context may take longer than that of the next event.
  let printed = Promise.resolve();
  const printEvent = (event: Event) => {
    printed = printed.then(async () => printer.event(event, await contextOf(event)));
  };
  scheduler.subscribe((event) => (json ? write(lineOf(event)) : printEvent(event)));
  const isNew = await scheduler.isNew();
  let close: (() => void) | undefined;
  try {
    // The port may be taken, and a run cannot be undone.
    const server = await serveScheduler(scheduler, port);
    try {
      if (isNew && profile) {
        for (const note of await writeProfile(registry, site, profile, systemClock.now())) say(`${note}\n`);
      } else if (isNew) {
        await scheduler.writeSample(site, Intl.DateTimeFormat().resolvedOptions().timeZone);
      }
      say(welcome(scheduler, isNew, profile));
      const stopped = untilStopped();
      await scheduler.start(server.address, () => say(readingText(scheduler.reading)));
      if (isNew && !profile) scheduler.force(site, SAMPLE_UID);
      const isTerminal = process.stdout.isTTY;
      close = announceDashboard(server, door, { dir, write, isTerminal, browser, json });
      await Promise.race([stopped, scheduler.untilLost]);
    } finally {
      close?.();
      await server.close();
    }
    if (scheduler.running > 0)
      say(`\nWaiting for ${scheduler.running} run(s) to end. Ctrl-C again stops them now.\n`);
  } finally {
    await scheduler.stop();
  }
  say('\nStopped. Runs missed meanwhile are handled at the next start.\n');
}

/** Reading many new files takes some seconds. */
function readingText(reading: FolderScheduler['reading']): string {
  if (!reading) return '';
  return `Read ${reading.done.toLocaleString('en')} of ${reading.of.toLocaleString('en')} files.\n`;
}

function retentionOf(text: string): number {
  return wholeNumber(text, {
    option: '--retention',
    least: 0,
    most: MAX_RETENTION_DAYS,
    fix: 'Choose a number of days; 0 keeps only the newest records of each cron.',
  });
}

/** The event as a line of JSON in the form of the log messages. */
function lineOf({ type, detail }: Event): string {
  return `${JSON.stringify({ timestamp: new Date(systemClock.now()), event: type, ...detail })}\n`;
}

/** The first lines of the output, at the width of the terminal. */
export function welcome(
  { folder }: Pick<FolderScheduler, 'folder'>,
  isNew: boolean,
  profile: string | undefined,
): string {
  const files = relativePath('.', resolve(folder.parameters)) || '.';
  const bold = (text: string) => styled('bold', text);
  const lines = [
    `${bold('cloudtab')} runs the crons in ${files}/<site>/crons/<uid>.json. Ctrl-C stops it.`,
    ...(isNew
      ? [
          profile
            ? `It has written the crons of ${profile}.`
            : 'It has written a sample cron and runs it at once.',
        ]
      : []),
    `Edit a file to change a cron, or run in another terminal: ${bold('npx cloudtab ls')}`,
    '',
    '',
  ];
  return fitting(lines.join('\n'));
}
