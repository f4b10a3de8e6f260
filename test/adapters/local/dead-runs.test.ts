/** What becomes of the runs of processes that are gone. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { LocalScheduler } from '../../../lib/adapters/local/local-scheduler.ts';
import { systemRandom } from '../../../lib/adapters/system-random.ts';
import type { Lease } from '../../../lib/core/domain/job.ts';
import { HOUR, leaseOf, MINUTE, NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

let dir: string;
let clock: VirtualClock;
const open: LocalScheduler[] = [];

beforeEach(() => {
  dir = tempFolder();
  clock = new VirtualClock(NOON - 30 * MINUTE);
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, 'a.json'), JSON.stringify({ name: 'heartbeat', periodicity: '0 * * * *' }));
});
afterEach(async () => {
  for (const laptop of open.splice(0)) await laptop.stop();
});

function makeLaptop(): LocalScheduler {
  const logger = new MemoryLogger();
  const laptop = new LocalScheduler({
    dir,
    clock,
    random: systemRandom,
    logger,
    runners: {},
    limits: { bySite: {} },
  });
  open.push(laptop);
  return laptop;
}

async function stop(laptop: LocalScheduler): Promise<void> {
  open.splice(open.indexOf(laptop), 1);
  await laptop.stop();
}

const jobOf = (laptop: LocalScheduler) => laptop.ports.store.readJob('default', 'a');
const recordsOf = async (laptop: LocalScheduler) =>
  (await laptop.ports.store.records('default', 'a', { limit: 100 })).records;

/** Adds leases to the job of `default/a`. */
async function addLeases(laptop: LocalScheduler, leases: readonly Lease[]): Promise<void> {
  const job = await jobOf(laptop);
  if (!job) throw new Error('there is no job');
  await laptop.ports.store.commit({ ...job, token: 'leased', leases }, job.token, []);
}

/** A lease that has not expired. No process has such a large id. */
const leaseOfDead = (runId: string): Lease => ({
  ...leaseOf(NOON - HOUR, NOON + HOUR),
  runId,
  holder: 'p99999999-dead',
});

it('A scheduler records the runs of a dead process when it starts', async () => {
  const laptop = makeLaptop();
  await laptop.start();
  await addLeases(laptop, [leaseOfDead('run-1')]);
  await stop(laptop);
  const nextLaptop = makeLaptop();
  await nextLaptop.start();
  expect((await jobOf(nextLaptop))?.leases).toEqual([]);
  expect(await recordsOf(nextLaptop)).toMatchObject([{ status: 'FAILURE', reason: 'died', runId: 'run-1' }]);
});

it('A refresh lets the lease of an earlier scheduler expire only if no scheduler runs', async () => {
  const laptop = makeLaptop();
  await laptop.start();
  const lease = { ...leaseOfDead('run-1'), holder: `k${process.pid}-now` };
  await addLeases(laptop, [lease]);
  const viewer = makeLaptop();
  await viewer.refresh();
  expect((await jobOf(viewer))?.leases).toEqual([lease]);
  await stop(laptop);
  await viewer.refresh();
  expect((await jobOf(viewer))?.leases).toEqual([{ ...lease, expiresAt: clock.now() }]);
});

it('A sweep records the run of a command that was killed, and leaves alone a run that the scheduler took over', async () => {
  const laptop = makeLaptop();
  await laptop.start();
  const takenOver = {
    ...leaseOfDead('p99999998-asked'),
    plannedAt: NOON - 2 * HOUR,
    holder: `k${process.pid}-now`,
  };
  await addLeases(laptop, [leaseOfDead('run-1'), takenOver]);
  await clock.advance(MINUTE);
  await laptop.idle();
  expect((await jobOf(laptop))?.leases).toEqual([takenOver]);
  expect(await recordsOf(laptop)).toMatchObject([{ status: 'FAILURE', reason: 'died', runId: 'run-1' }]);
});

it('A scheduler starts although a cron with a dead run cannot be read', async () => {
  const first = makeLaptop();
  await first.start();
  await addLeases(first, [leaseOfDead('run-1')]);
  await stop(first);
  const database = new DatabaseSync(folderOf(dir).database);
  database.prepare("UPDATE projection SET body = '{}' WHERE uid = 'a'").run();
  database.close();
  const laptop = makeLaptop();
  await laptop.start();
  expect((await jobOf(laptop))?.leases).toHaveLength(1);
});
