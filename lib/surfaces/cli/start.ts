/** `cloudtab start`: keeps the crontab of a folder running, and shows what happens, until Ctrl-C. */
import { userInfo } from 'node:os';
import { relative as relativePath, resolve } from 'node:path';
import { styleText } from 'node:util';
import { JsonLogger } from '../../adapters/json-logger.ts';
import { FileLogger } from '../../adapters/local/file-logger.ts';
import { FileRunOutput } from '../../adapters/local/file-run-output.ts';
import { folderOf } from '../../adapters/local/folder.ts';
import { LOCAL_LIMITS, writeLimits } from '../../adapters/local/folder-limits.ts';
import { LocalScheduler } from '../../adapters/local/local-scheduler.ts';
import { SAMPLE_UID, writeSample } from '../../adapters/local/sample.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { systemRandom } from '../../adapters/system-random.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { SITE, SITE_RULE } from '../../core/domain/names.ts';
import type { Event } from '../../core/ports/events.ts';
import { makeApp } from '../web/app.ts';
import { type Serving, serve } from '../web/local-server.ts';
import { ownRunners } from './load-runners.ts';
import { Printer } from './printer.ts';
import { untilStopped } from './stopped.ts';
import { portOf } from './whole-number.ts';

export interface StartOptions {
  readonly dir: string;
  readonly allowHost: readonly string[];
  /** Where the dashboard listens; absent: a port that is free. */
  readonly port?: string;
  /** Whose crontab a new folder begins with. */
  readonly site: string;
  /** Print JSON, a line for each thing that happens. */
  readonly json?: true;
}

/** The hosts that the http runner may call unless `--allow-host` names others. */
export const DEFAULT_ALLOWED_HOSTS = LOCAL_LIMITS.allowedHosts;

/** Returns when a person has stopped it and what was running has ended. Throws InvalidError for a port that is none. */
export async function start({ dir, allowHost, port: typed, site, json }: StartOptions): Promise<void> {
  checkSite(site);
  // Before anything starts, as what has run is not undone.
  const port = typed === undefined ? undefined : portOf(typed);
  const write = (text: string) => void process.stdout.write(text);
  const say = (text: string) => (json ? undefined : write(text));
  const printer = new Printer(write, () => systemClock.now());
  const limits = { ...LOCAL_LIMITS, allowedHosts: allowHost };
  const laptop = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: new FileLogger(folderOf(dir).logs, systemClock, json ? new JsonLogger({}) : printer),
    runners: await ownRunners(process.env),
    limits,
  });
  laptop.events.subscribe((event) => (json ? write(lineOf(event)) : printer.event(event)));
  const isNew = await isEmpty(laptop);
  if (isNew) await writeSample(laptop.ports.registry, site, Intl.DateTimeFormat().resolvedOptions().timeZone);
  say(welcome(dir, isNew));
  const stopped = untilStopped();
  await laptop.start();
  writeLimits(laptop.folder.limits, limits);
  if (isNew) laptop.force(site, SAMPLE_UID);
  try {
    const server = await serveDashboard(laptop, port);
    if (json) write(`${JSON.stringify({ dashboard: server.url })}\n`);
    else write(`Dashboard: ${styleText('bold', server.url)}\n\n`);
    await stopped;
    await server.close();
    if (laptop.running > 0)
      say(`\nWaiting for ${laptop.running} run(s) to end. Ctrl-C again stops them now.\n`);
  } finally {
    await laptop.stop();
  }
  say('\nStopped. Nothing is lost: what is planned meanwhile is looked at when you start again.\n');
}

/** To this machine alone; what is changed there is noted as changed by whoever is logged in here. */
function serveDashboard(
  { ports, table, folder }: LocalScheduler,
  port: number | undefined,
): Promise<Serving> {
  const lines = new FileRunOutput(folder.logs);
  const app = makeApp({ ...ports, runners: table, by: userInfo().username }, { localOnly: true, lines });
  return serve(app, port === undefined ? {} : { port });
}

/** An event as a line of JSON, beside those of the log. */
function lineOf({ type, detail }: Event): string {
  return `${JSON.stringify({ timestamp: new Date(systemClock.now()), event: type, ...detail })}\n`;
}

function checkSite(site: string): void {
  if (SITE.test(site)) return;
  throw new ConfigurationError(`--site: got "${site}", wanted ${SITE_RULE}.`);
}

async function isEmpty(laptop: LocalScheduler): Promise<boolean> {
  for await (const _ of laptop.ports.registry.list()) return false;
  return true;
}

function welcome(dir: string, isNew: boolean): string {
  const files = relativePath('.', resolve(folderOf(dir).parameters)) || '.';
  const bold = (text: string) => styleText('bold', text);
  return [
    `${bold('cloudtab')} keeps ${files}/<site>/crons/<uid>.json running. Ctrl-C stops it.`,
    ...(isNew ? ['A sample is there to begin with, and its first run does not wait for the minute.'] : []),
    `Edit a file, and see what happens; or in another terminal: ${bold('npx cloudtab ls')}`,
    '',
    '',
  ].join('\n');
}
