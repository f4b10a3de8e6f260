/**
 * The client of a folder. While a scheduler runs its crontab, that scheduler does every call, so that it announces every change
 * and starts every run. Otherwise this process does them.
 */
import { type Door, FolderDoor } from '../adapters/local/folder-door.ts';
import { isAnswering } from '../adapters/local/scheduler-client.ts';
import { systemClock } from '../adapters/system-clock.ts';
import type { Call } from '../app/door/call.ts';
import { UnavailableError } from '../core/domain/errors.ts';
import { pause } from '../core/ports/clock.ts';
import type { Client } from './client.ts';
import { quietLogger } from './quiet-logger.ts';
import { schedulerClient } from './scheduler-client.ts';

/** How long a scheduler may take to publish its door, in milliseconds. */
const PUBLISH_MS = 2_000;

/** Where the scheduler of the folder answers, and its secret. */
export function doorOf(dir: string): FolderDoor {
  return new FolderDoor(dir);
}

/** Throws ConfigurationError if the state of the folder cannot be opened. */
export function openFolderClient(dir: string): Promise<Client> {
  return clientFor(dir, () => inProcess(dir));
}

/** The client of the scheduler that runs; without one, that of this process. */
export async function clientFor(dir: string, own: () => Promise<Client>): Promise<Client> {
  const door = doorOf(dir);
  const published = door.current() ?? (await untilPublished(door));
  if (published && !published.isStopping && (await isAnswering(published)))
    return schedulerClient(dir, published);
  const client = await own();
  const pid = door.holder();
  return pid === undefined ? client : readsOnly(client, pid, door.current()?.isStopping);
}

/** A scheduler acquires its lock a moment before it publishes its door. */
async function untilPublished(door: FolderDoor): Promise<Door | undefined> {
  const end = systemClock.now() + PUBLISH_MS;
  while (door.holder() !== undefined && systemClock.now() < end) {
    await pause(systemClock, 50);
    const published = door.current();
    if (published) return published;
  }
  return undefined;
}

async function inProcess(dir: string): Promise<Client> {
  const { openFolderTarget } = await import('../adapters/local/folder-target.ts');
  const { ownClient } = await import('./own-client.ts');
  return ownClient(await openFolderTarget(dir, { logger: quietLogger }));
}

/**
 * A client beside a scheduler that does not answer, or waits for its last runs: it would neither announce a change nor start a
 * run.
 */
async function readsOnly(client: Client, pid: number, isStopping = false): Promise<Client> {
  const { OPERATIONS } = await import('../app/door/operations.ts');
  const scheduler = `The scheduler of this folder${pid === 0 ? '' : `, process ${pid},`}`;
  const state = isStopping ? `is stopping: it waits for ${await lastRuns(client)}` : 'does not answer';
  const end = pid === 0 ? 'stop it' : `stop it with "kill ${pid}"`;
  const fix = isStopping
    ? `Start it again when it has ended, or ${end} now.`
    : `Try again, or ${end} and start it again.`;
  const call = ((id, ...rest) => {
    if (!OPERATIONS[id].changes) return client.call(id, ...rest);
    throw new UnavailableError(`${scheduler} ${state}. Nothing was changed. ${fix}`);
  }) as Call;
  return { ...client, call, note: `${scheduler} ${state}. This is what it stored last.` };
}

/** Which runs are in progress, and until when they may last by their timeouts. */
async function lastRuns({ call }: Client): Promise<string> {
  const { localTime } = await import('../app/operations/local-time.ts');
  const { runs } = await call('readAllRuns', {}, { status: 'RUNNING' });
  const ends = await Promise.all(
    runs.map(async ({ site, uid, startedAt }) => {
      const { definition, timezone } = await call('readCron', { site, uid });
      return { end: (startedAt ?? Number.NaN) + (definition?.timeout ?? Number.NaN) * 1_000, timezone };
    }),
  );
  const [last] = ends.filter(({ end }) => !Number.isNaN(end)).sort((a, b) => b.end - a.end);
  const names = runs.map(({ site, uid }) => `${site}/${uid}`).join(', ') || 'its last runs';
  return last ? `${names}, at the latest until ${localTime(last.end, last.timezone)}` : names;
}
