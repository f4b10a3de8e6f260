/**
 * A crontab on the local adapters in a temporary folder, served as `npm start` does: for the browser tests and the
 * screenshots of the documentation.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileLogger } from '../../lib/adapters/local/file-logger.ts';
import { FileRunOutput } from '../../lib/adapters/local/file-run-output.ts';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { LocalScheduler } from '../../lib/adapters/local/local-scheduler.ts';
import { LogFolder } from '../../lib/adapters/local/log-folder.ts';
import { EVENTS_PATH } from '../../lib/adapters/local/scheduler-client.ts';
import { newToken } from '../../lib/adapters/new-token.ts';
import { systemClock } from '../../lib/adapters/system-clock.ts';
import { systemRandom } from '../../lib/adapters/system-random.ts';
import { makeDoor } from '../../lib/app/door/call.ts';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import { withRecords } from '../../lib/core/domain/lease.ts';
import type { ReasonCode, RecordOwner, RunRecord, Status } from '../../lib/core/domain/run-record.ts';
import { updateJob } from '../../lib/core/engine/update-job.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { serveScheduler } from '../../lib/surfaces/web/scheduler-server.ts';
import { MemoryLogger } from '../support/memory-logger.ts';

export interface Scene extends AsyncDisposable {
  /** The address of the dashboard behind its door, without a slash at the end. */
  readonly url: string;
  readonly laptop: LocalScheduler;
  /** Stops the server, as the end of the program does. */
  closeServer(): Promise<void>;
  /** Starts it again at the same address. */
  openServer(): Promise<void>;
}

/** A run that was planned that many minutes ago. */
export interface Past {
  readonly minutes: number;
  readonly status: Status;
  readonly reason?: ReasonCode;
  readonly messages?: readonly string[];
  readonly took?: number;
}

class Report extends Runner {
  static readonly summary = 'Writes the report of a day and mails it.';
  static readonly environ = {
    to: { type: 'string', required: true, meaning: 'Who gets it.', example: 'team@example.com' },
    pages: { type: 'number', meaning: 'At most so many pages; 10 unless said otherwise.', example: 4 },
    token: { type: 'string', meaning: 'What the mail service asks for.', example: { $secret: 'mail' } },
  } as const;

  async run() {
    this.log.info('Collecting the figures', { rows: 1200 });
    this.log.warn('Two figures are older than a day');
    await pause(400);
    return ['Two figures are older than a day.'];
  }
}

class Backup extends Runner {
  static readonly summary = 'Copies the database to another region.';

  async run() {
    this.log.info('Copying the database', { gigabytes: 212 });
    await pause(30);
    this.log.warn('The copy is slower than yesterday', { megabytesPerSecond: 38 });
    throw new Error('The disk at backup-2 is full: 0 of 500 GB are free.');
  }
}

class Import extends Runner {
  static readonly summary = 'Reads the orders of the shop.';

  async run() {
    this.log.info('Reading the orders', { shop: 'Lyon' });
    // Until a user stops it, or a minute has passed.
    await pause(60_000, undefined, { signal: this.signal });
  }
}

/** Starts a crontab with its scheduler and its server. `prepare` writes files into its folder first. Default: an empty one. */
export async function openScene(prepare: (dir: string) => void = () => {}): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), 'cloudtab-browser-'));
  prepare(dir);
  const laptop = new LocalScheduler({
    dir,
    clock: systemClock,
    random: systemRandom,
    logger: fileLogger(new LogFolder(folderOf(dir).logs, () => {}), systemClock, new MemoryLogger()),
    runners: { report: Report, backup: Backup, import: Import },
    limits: { bySite: { '*': { allowedHosts: ['localhost:*', '*.example.com'], allowedFunctions: ['*'] } } },
  });
  await laptop.start();
  const lines = new FileRunOutput(folderOf(dir).logs);
  const token = newToken();
  const served = {
    calls: makeDoor({ ...laptop.ports, by: 'ada', output: lines }),
    door: { token: () => token },
    eventsPath: EVENTS_PATH,
    ready: Promise.resolve(),
    subscribe: (listen: (event: Event) => void) => laptop.events.subscribe(listen),
  };
  let server = await serveScheduler(served, 0);
  const { address } = server;
  return {
    url: `${address}/${token}`,
    laptop,
    closeServer: () => server.close(),
    async openServer() {
      server = await serveScheduler(served, Number(new URL(address).port));
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await laptop.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** Writes the parameter of a cron, creates its timer, and saves records of past runs. */
export async function addCron(
  { laptop }: Scene,
  uid: string,
  definition: JsonObject,
  past: readonly Past[] = [],
  site = 'default',
): Promise<void> {
  await laptop.ports.registry.write({ site, uid }, JSON.stringify(definition, null, 2), 'ada');
  await laptop.refresh();
  if (past.length === 0) return;
  await laptop.idle();
  const owner = { site, uid, runner: String(definition.name) };
  const records = past.map((run) => recordOf(owner, run)).sort((a, b) => a.plannedAt - b.plannedAt);
  await updateJob(laptop.ports, site, uid, (_state, job) => withRecords(job, records));
}

export function recordOf(
  owner: RecordOwner,
  { minutes, status, reason, messages = [], took = 1400 }: Past,
): RunRecord {
  const plannedAt = Math.floor(Date.now() / 60_000) * 60_000 - minutes * 60_000;
  const startedAt = plannedAt + 300;
  const ran = status === 'NOTRUN' ? {} : { claimedAt: startedAt, startedAt, runId: `r${minutes}` };
  const why = reason === undefined ? {} : { reason };
  return { ...owner, plannedAt, endedAt: startedAt + took, status, ...why, messages, ...ran };
}
