/** One scheduler in one trouble. The oracle and the checks here decide whether it went on, or stopped, in order. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Folder, folderOf } from '../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { dashboardUrl } from '../../lib/surfaces/web/local-server.ts';
import { Prng } from '../simulation/prng.ts';
import { type FastClock, fastClock } from './fast-clock.ts';
import { History, startsIn } from './history.ts';
import { findViolations, plannedCount } from './oracle.ts';
import { type Exit, exitText, Processes, type RunningCommand } from './processes.ts';
import type { Trouble } from './troubles.ts';
import { untilArmed } from './until-armed.ts';
import { drawWorkload, type WorkloadCron, writeWorkload } from './workload.ts';

export interface TroubleOptions {
  readonly seed: number;
  readonly pace: number;
  /** An empty folder. */
  readonly dir: string;
}

const MINUTE = 60_000;
const CRONS = 12;
/** How long a trouble lasts, in minutes of the fast clock: longer than a run and its record are tried at once. */
const TROUBLE_MINUTES = 2;
const REQUESTS = 8;

/** Its runs are in progress when a trouble begins, and end meanwhile. */
const LONG_RUNS: WorkloadCron = {
  uid: 'long',
  everyMinutes: 1,
  definition: { name: 'heartbeat', periodicity: '* * * * *', environ: { seconds: 40 }, maxLateness: '1d' },
};
const MAX_STOP_MS = 60_000;

/** A scheduler that has started, and whose crons are all armed. */
interface Subject {
  readonly pace: number;
  readonly clock: FastClock;
  readonly folder: Folder;
  readonly crons: readonly WorkloadCron[];
  readonly history: History;
  readonly processes: Processes;
  readonly scheduler: RunningCommand;
  readonly dashboard: string;
}

/** Lets the trouble begin and end, and waits until every cron has recovered. Returns a summary and the violations. */
export async function runTrouble(
  trouble: Trouble,
  options: TroubleOptions,
): Promise<{ readonly summary: string; readonly violations: readonly string[] }> {
  const subject = await startSubject(options);
  const { clock, dashboard, folder, history, pace, processes, scheduler } = subject;
  await printed(scheduler, /"StartedCronJob","site":"default","uid":"long"/, scheduler.output.stdout.length);
  trouble.begin(scheduler.pid, folder);
  await askDashboard(dashboard);
  await pause((TROUBLE_MINUTES * MINUTE) / pace);
  trouble.end(scheduler.pid, folder);
  const stalled = await untilArmed(subject, scheduler, clock.now() + MINUTE);
  const exit = await scheduler.stop('SIGTERM');
  const lostLines = await lostLinesOf(processes);
  const starts = startsIn(exit.stdout);
  const histories = await history.crons([], starts);
  const planned = histories.map(plannedCount).reduce((sum, count) => sum + count, 0);
  const violations = [
    ...stalled,
    ...exitViolations(exit, trouble.losesLines ? 1 : 0),
    ...trouble.signs
      .filter((sign) => !exit.stdout.includes(sign))
      .map((sign) => `no log line has the code ${sign}`),
    ...(lostLines > 0 === trouble.losesLines ? [] : [`doctor reports ${lostLines} lost log lines`]),
    ...histories.flatMap(findViolations),
  ];
  return {
    summary: `${trouble.name}: ${planned} planned occurrences, ${starts.length} runs, ${lostLines} lost log lines`,
    violations: violations.map((text) => `${trouble.name}: ${text}`),
  };
}

/** Removes the state of a running scheduler for good. Returns the violations. */
export async function runWithoutState(options: TroubleOptions): Promise<string[]> {
  const { folder, scheduler } = await startSubject(options);
  rmSync(dirname(folder.database), { recursive: true });
  const exit = await Promise.race([scheduler.exit, pause(MAX_STOP_MS, undefined, { ref: false })]);
  if (exit?.code === 1 && exit.stdout.includes('was removed or replaced')) return [];
  return [`state removed: the scheduler did not stop with words: ${exit ? exitText(exit) : 'it goes on'}`];
}

async function startSubject({ seed, pace, dir }: TroubleOptions): Promise<Subject> {
  const crons = [...drawWorkload(new Prng(seed, 'crons'), CRONS), LONG_RUNS];
  writeWorkload(dir, crons);
  const clock = fastClock(pace);
  const processes = new Processes(dir, clock);
  const history = new History(dir, crons);
  const scheduler = processes.start('start', '--json');
  const stalled = await untilArmed({ pace, crons, history }, scheduler);
  if (stalled.length > 0) throw new Error(stalled.join());
  // It is printed at the end of the start.
  const [, address = ''] = await printed(scheduler, /"address":"([^"]+)"/);
  const dashboard = dashboardUrl(address, new FolderDoor(dir).token());
  return { pace, clock, folder: folderOf(dir), crons, history, processes, scheduler, dashboard };
}

/** Waits until the scheduler has printed this, behind so many characters. Returns the match. */
async function printed(scheduler: RunningCommand, text: RegExp, after = 0): Promise<RegExpExecArray> {
  for (;;) {
    const match = text.exec(scheduler.output.stdout.slice(after));
    if (match) return match;
    const exit = await Promise.race([pause(50), scheduler.exit]);
    if (exit) throw new Error(`The scheduler exited by itself: ${exitText(exit)}`);
  }
}

/** Requests may fail; the process must not end by them. */
async function askDashboard(url: string): Promise<void> {
  const ask = () => fetch(url, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined);
  await Promise.all(Array.from({ length: REQUESTS }, ask));
}

function exitViolations(exit: Exit, expected: number): string[] {
  const warnings = exit.stderr.split('Cannot write to the log folder').length - 1;
  return [
    ...(exit.code === 0 ? [] : [`the scheduler did not stop gracefully: ${exitText(exit)}`]),
    ...(warnings === expected
      ? []
      : [`stderr reports ${warnings} series of lost log lines: ${exitText(exit)}`]),
  ];
}

/** The number of lost log lines that `cloudtab doctor` reports. */
async function lostLinesOf(processes: Processes): Promise<number> {
  const { stdout } = await processes.start('doctor', '--json').exit;
  return Number(/(\d+) log line\(s\) could not be written/.exec(stdout)?.[1] ?? 0);
}
