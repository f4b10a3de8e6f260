import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { LocalScheduler } from '../../../lib/adapters/local/local-scheduler.ts';
import type { Event } from '../../../lib/core/ports/events.ts';
import type { RunnerResult } from '../../../lib/core/ports/runners.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { sequenceRandom } from '../../support/sequence-random.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const KEY = { site: 'default', uid: 'a' };

let dir: string;
let clock: VirtualClock;
let logger: MemoryLogger;
let events: Event[];
let task: () => Promise<RunnerResult> | RunnerResult;
const open: LocalScheduler[] = [];

class Task extends Runner {
  override run() {
    return task();
  }
}

beforeEach(() => {
  dir = tempFolder();
  clock = new VirtualClock(NOON - 30 * MINUTE);
  logger = new MemoryLogger();
  events = [];
  task = () => undefined;
});
afterEach(async () => {
  for (const laptop of open.splice(0)) await laptop.stop();
});

function makeLaptop(): LocalScheduler {
  const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers: [] };
  const random = sequenceRandom('0123456789abc');
  const laptop = new LocalScheduler({ dir, clock, random, logger, runners: { task: Task }, limits });
  laptop.events.subscribe((event) => void events.push(event));
  open.push(laptop);
  return laptop;
}

/** Writes the file of a cron, as an editor does. */
function write(uid: string, value: unknown): void {
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, `${uid}.json`), typeof value === 'string' ? value : JSON.stringify(value));
}

/** Advances the clock and waits for the work that was started. */
async function pass(laptop: LocalScheduler, ms: number): Promise<void> {
  await clock.advance(ms);
  await laptop.idle();
}

const jobOf = async (laptop: LocalScheduler, uid = 'a') =>
  (await laptop.ports.store.read('default', uid)).job;

describe('LocalScheduler', () => {
  it('A started scheduler arms the crons in the folder, runs one at its time and arms its next occurrence', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, 30 * MINUTE);
    expect(await jobOf(laptop)).toMatchObject({
      armed: { plannedAt: NOON + HOUR },
      logs: [{ plannedAt: NOON, status: 'OK' }],
    });
  });

  it('A scheduler follows a file that appears, changes, breaks, is fixed and disappears, each within a second', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    write('a', HOURLY);
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.plannedAt).toBe(NOON);
    write('a', { ...HOURLY, periodicity: '45 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.plannedAt).toBe(NOON - 15 * MINUTE);
    write('a', '{"name": "task", "periodicity": "45');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.plannedAt).toBe(NOON - 15 * MINUTE);
    expect(events.at(-1)).toMatchObject({
      type: 'RejectedParameter',
      detail: { ...KEY, problems: [{ where: 'value' }] },
    });
    const note = join(folderOf(dir).parameters, 'default', 'crons', 'a.rejected.txt');
    expect(readFileSync(note, 'utf8')).toMatch(/^value$/m);
    write('a', { ...HOURLY, periodicity: '50 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.plannedAt).toBe(NOON - 10 * MINUTE);
    rmSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'));
    await pass(laptop, 1000);
    expect(await jobOf(laptop)).toBeUndefined();
  });

  it('The file of a crontab switches all crons off and on', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const file = join(folderOf(dir).parameters, 'default', 'crontab.json');
    writeFileSync(file, '{"activated": false}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed).toBeUndefined();
    writeFileSync(file, '{"activated": true}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.plannedAt).toBe(NOON);
  });

  it('A forced run starts at once', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const runId = laptop.force('default', 'a');
    await pass(laptop, 1);
    expect((await jobOf(laptop))?.logs).toMatchObject([{ runId, status: 'OK' }]);
  });

  it('Stopping a scheduler waits for runs in progress', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    await clock.advance(30 * MINUTE);
    expect(laptop.running).toBe(1);
    open.splice(0);
    const stopping = laptop.stop();
    resolve(undefined);
    await stopping;
    const nextLaptop = makeLaptop();
    expect((await jobOf(nextLaptop))?.logs).toMatchObject([{ status: 'OK' }]);
  });

  it('A scheduler applies the missed-run policy to what became due while it was stopped', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    open.splice(0);
    await laptop.stop();
    await clock.advanceTo(NOON + 2 * HOUR + 10 * MINUTE);
    const nextLaptop = makeLaptop();
    await nextLaptop.start();
    await pass(nextLaptop, 1);
    expect(await jobOf(nextLaptop)).toMatchObject({
      armed: { plannedAt: NOON + 3 * HOUR },
      logs: [
        { plannedAt: NOON + 2 * HOUR, status: 'OK' },
        { plannedAt: NOON + HOUR, status: 'NOTRUN', covers: { from: NOON, count: 2 } },
      ],
    });
  });

  it('A scheduler runs at once what became due within the grace period while it was stopped', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    open.splice(0);
    await laptop.stop();
    await clock.advanceTo(NOON + MINUTE);
    const nextLaptop = makeLaptop();
    await nextLaptop.start();
    await pass(nextLaptop, 1);
    expect((await jobOf(nextLaptop))?.logs).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });

  it('A scheduler records the runs of a dead process when it starts', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const job = await jobOf(laptop);
    if (!job) throw new Error('there is no job');
    // No process has such a large id, so this is the run of a dead one.
    const lease = {
      plannedAt: NOON - HOUR,
      runId: 'p99999999-dead',
      startedAt: NOON - HOUR,
      expiresAt: NOON + HOUR,
    };
    await laptop.ports.store.saveJob({ ...job, leases: [lease] });
    open.splice(0);
    await laptop.stop();
    const nextLaptop = makeLaptop();
    await nextLaptop.start();
    expect(await jobOf(nextLaptop)).toMatchObject({
      leases: [],
      logs: [{ status: 'FAILURE', runId: 'p99999999-dead' }],
    });
  });

  it('A sweep records the run of a command that was killed, and leaves runs of its own process alone', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const job = await jobOf(laptop);
    if (!job) throw new Error('there is no job');
    const lease = { startedAt: NOON - HOUR, expiresAt: NOON + HOUR };
    const killed = { ...lease, plannedAt: NOON - HOUR, runId: 'p99999999-dead' };
    const adopted = { ...lease, plannedAt: NOON - 2 * HOUR, runId: 'p99999998-adopted' };
    await laptop.ports.store.saveJob({ ...job, leases: [killed, adopted] });
    const plannedAt = new Date(adopted.plannedAt).toISOString();
    const detail = { ...KEY, name: 'task', plannedAt, forced: true, runId: adopted.runId };
    await laptop.events.publish({ type: 'StartedCronJob', detail });
    await pass(laptop, MINUTE);
    expect(await jobOf(laptop)).toMatchObject({
      leases: [adopted],
      logs: [{ status: 'FAILURE', reason: 'died', runId: 'p99999999-dead' }],
    });
  });

  it('The lease of a run lasts longer than a laptop sleeps', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await clock.advance(30 * MINUTE);
    const [lease] = (await jobOf(laptop))?.leases ?? [];
    expect(lease?.expiresAt).toBe(NOON + 24 * HOUR);
    resolve(undefined);
    await laptop.idle();
    expect((await jobOf(laptop))?.leases).toEqual([]);
  });

  it('Only one process at a time can start a scheduler on a folder', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    expect(laptop.lockHolder).toBe(process.pid);
    await expect(makeLaptop().start()).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringContaining(String(process.pid)),
    });
  });

  it('A refresh projects the latest files without taking the lock', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    expect(laptop.lockHolder).toBeUndefined();
    await laptop.refresh();
    expect((await laptop.ports.store.read(KEY.site, KEY.uid)).cron?.value?.name).toBe('task');
  });

  it('A refresh does not reject a cron for an unknown runner, which the lock holder may know', async () => {
    write('a', { ...HOURLY, name: 'other' });
    write('b', { ...HOURLY, name: 'http' });
    const laptop = makeLaptop();
    await laptop.refresh();
    const projection = (uid: string) => laptop.ports.store.readProjection({ site: 'default', uid });
    expect(await projection('a')).toMatchObject({ value: { name: 'other' } });
    expect(await projection('b')).toMatchObject({ problems: [{ where: 'environ.url' }] });
    await laptop.start();
    expect(await projection('a')).toMatchObject({ problems: [{ where: 'name' }] });
  });

  it('A refresh removes the job of a file that was removed while no process held the lock, and arms no timer', async () => {
    write('a', HOURLY);
    write('b', HOURLY);
    const laptop = makeLaptop();
    await laptop.refresh();
    for (const uid of ['a', 'b']) laptop.force('default', uid);
    await laptop.idle();
    expect((await jobOf(laptop))?.logs).toHaveLength(1);
    rmSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'));
    await laptop.refresh();
    await laptop.idle();
    expect(await jobOf(laptop)).toBeUndefined();
    expect((await jobOf(laptop, 'b'))?.logs).toHaveLength(1);
    expect((await jobOf(laptop, 'b'))?.armed).toBeUndefined();
  });

  it('A scheduler resyncs at its start and every hour', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, HOUR);
    expect(events.map(({ type }) => type)).toEqual(['ServerRestart', 'ServerRestart']);
  });

  it('A scheduler logs a failure and continues', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    const read = store.read.bind(store);
    store.read = () => Promise.reject(new Error('the disk is gone'));
    await pass(laptop, 30 * MINUTE);
    expect(logger.linesOf('run-failed')).toMatchObject([
      {
        level: 'error',
        message: 'run failed: the disk is gone',
        fields: { error: { message: 'the disk is gone' } },
      },
    ]);
    store.read = read;
    await pass(laptop, 6 * MINUTE);
    expect((await jobOf(laptop))?.logs).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });
});
