import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { folderOf } from '../../lib/local/folder.ts';
import { Laptop } from '../../lib/local/laptop.ts';
import type { Event } from '../../lib/ports/events.ts';
import { Runner, type RunnerResult } from '../../lib/runners/runner.ts';
import { HOUR, MINUTE, NOON } from '../support/jobs.ts';
import { MemoryLogger } from '../support/memory-logger.ts';
import { sequenceRandom } from '../support/sequence-random.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const HOURLY = { name: 'task', periodicity: '0 * * * *' };
const KEY = { site: 'default', uid: 'a' };

let dir: string;
let clock: VirtualClock;
let log: MemoryLogger;
let events: Event[];
let task: () => Promise<RunnerResult> | RunnerResult;
const open: Laptop[] = [];

class Task extends Runner {
  override run() {
    return task();
  }
}

beforeEach(() => {
  dir = tempFolder();
  clock = new VirtualClock(NOON - 30 * MINUTE);
  log = new MemoryLogger();
  events = [];
  task = () => undefined;
});
afterEach(async () => {
  for (const laptop of open.splice(0)) await laptop.stop();
});

function makeLaptop(): Laptop {
  const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers: [] };
  const random = sequenceRandom('0123456789abc');
  const laptop = new Laptop({ dir, clock, random, log, runners: { task: Task }, limits });
  laptop.events.subscribe((event) => void events.push(event));
  open.push(laptop);
  return laptop;
}

/** As a person does in an editor. */
function write(uid: string, value: unknown): void {
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, `${uid}.json`), typeof value === 'string' ? value : JSON.stringify(value));
}

/** Lets time go on, and what it started come to its end. */
async function pass(laptop: Laptop, ms: number): Promise<void> {
  await clock.advance(ms);
  await laptop.idle();
}

const jobOf = async (laptop: Laptop, uid = 'a') => (await laptop.ports.store.read('default', uid)).job;

describe('a crontab on a laptop', () => {
  it('arms what is in the folder when it starts, runs it at its time, and arms the next', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, 30 * MINUTE);
    expect(await jobOf(laptop)).toMatchObject({
      armed: { at: NOON + HOUR },
      logs: [{ at: NOON, status: 'OK' }],
    });
  });

  it('picks up a file that appears, changes, breaks, is mended and goes, each within a second', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    write('a', HOURLY);
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.at).toBe(NOON);
    write('a', { ...HOURLY, periodicity: '45 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.at).toBe(NOON - 15 * MINUTE);
    write('a', '{"name": "task", "periodicity": "45');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.at).toBe(NOON - 15 * MINUTE);
    expect(events.at(-1)?.type).toBe('RejectedParameter');
    const note = join(folderOf(dir).parameters, 'default', 'crons', 'a.rejected.txt');
    expect(readFileSync(note, 'utf8')).toContain('The last good version stays in force');
    write('a', { ...HOURLY, periodicity: '50 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.at).toBe(NOON - 10 * MINUTE);
    rmSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'));
    await pass(laptop, 1000);
    expect(await jobOf(laptop)).toBeUndefined();
  });

  it('switches everything off and on with the file of the crontab', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const file = join(folderOf(dir).parameters, 'default', 'crontab.json');
    writeFileSync(file, '{"activated": false}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed).toBeUndefined();
    writeFileSync(file, '{"activated": true}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armed?.at).toBe(NOON);
  });

  it('runs what is asked for at once', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const runId = laptop.force('default', 'a');
    await pass(laptop, 1);
    expect((await jobOf(laptop))?.logs).toMatchObject([{ runId, status: 'OK' }]);
  });

  it('waits for what runs when it is stopped', async () => {
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
    const again = makeLaptop();
    expect((await jobOf(again))?.logs).toMatchObject([{ status: 'OK' }]);
  });

  it('makes up for what was missed while it was stopped, as the policy says', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    open.splice(0);
    await laptop.stop();
    await clock.advanceTo(NOON + 2 * HOUR + 10 * MINUTE);
    const again = makeLaptop();
    await again.start();
    await pass(again, 1);
    expect(await jobOf(again)).toMatchObject({
      armed: { at: NOON + 3 * HOUR },
      logs: [
        { at: NOON + 2 * HOUR, status: 'OK' },
        { at: NOON + HOUR, status: 'NOTRUN', covers: { from: NOON, count: 2 } },
      ],
    });
  });

  it('runs at once what became due in the minutes while it was stopped', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    open.splice(0);
    await laptop.stop();
    await clock.advanceTo(NOON + MINUTE);
    const again = makeLaptop();
    await again.start();
    await pass(again, 1);
    expect((await jobOf(again))?.logs).toMatchObject([{ at: NOON, status: 'OK' }]);
  });

  it('records the runs of a process that is gone at its next start', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const job = await jobOf(laptop);
    if (!job) throw new Error('there is no job');
    // No process has an id as great: the run of one that was killed.
    const lease = { at: NOON - HOUR, runId: 'p99999999-dead', started: NOON - HOUR, expires: NOON + HOUR };
    await laptop.ports.store.saveJob({ ...job, leases: [lease] });
    open.splice(0);
    await laptop.stop();
    const again = makeLaptop();
    await again.start();
    expect(await jobOf(again)).toMatchObject({
      leases: [],
      logs: [{ status: 'FAILURE', runId: 'p99999999-dead' }],
    });
  });

  it('records the run of a command that was killed at its next sweep, and lets its own run go on', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const job = await jobOf(laptop);
    if (!job) throw new Error('there is no job');
    const lease = { started: NOON - HOUR, expires: NOON + HOUR };
    const killed = { ...lease, at: NOON - HOUR, runId: 'p99999999-dead' };
    const adopted = { ...lease, at: NOON - 2 * HOUR, runId: 'p99999998-adopted' };
    await laptop.ports.store.saveJob({ ...job, leases: [killed, adopted] });
    const at = new Date(adopted.at).toISOString();
    const detail = { ...KEY, name: 'task', at, forced: true, runId: adopted.runId };
    await laptop.events.emit({ type: 'StartedCronJob', detail });
    await pass(laptop, MINUTE);
    expect(await jobOf(laptop)).toMatchObject({
      leases: [adopted],
      logs: [{ status: 'FAILURE', why: 'died', runId: 'p99999999-dead' }],
    });
  });

  it('holds the lease of a run longer than a laptop sleeps', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await clock.advance(30 * MINUTE);
    const [lease] = (await jobOf(laptop))?.leases ?? [];
    expect(lease?.expires).toBe(NOON + 24 * HOUR);
    resolve(undefined);
    await laptop.idle();
    expect((await jobOf(laptop))?.leases).toEqual([]);
  });

  it('is kept by one process at a time', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    expect(laptop.keeper).toBe(process.pid);
    await expect(makeLaptop().start()).rejects.toThrow(
      `The process ${process.pid} keeps this crontab running already. Stop it first, or choose another folder with --dir.`,
    );
  });

  it('shows the latest files to somebody who only looks', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    expect(laptop.keeper).toBeUndefined();
    await laptop.refresh();
    expect((await laptop.ports.store.read(KEY.site, KEY.uid)).cron?.value?.name).toBe('task');
  });

  it('does not reject a cron for a runner that only its keeper may know', async () => {
    write('a', { ...HOURLY, name: 'theirs' });
    write('b', { ...HOURLY, name: 'http' });
    const laptop = makeLaptop();
    await laptop.refresh();
    const projection = (uid: string) => laptop.ports.store.readProjection({ site: 'default', uid });
    expect(await projection('a')).toMatchObject({ value: { name: 'theirs' } });
    expect(await projection('b')).toMatchObject({ problems: [{ where: 'environ.url' }] });
    await laptop.start();
    expect(await projection('a')).toMatchObject({ problems: [{ where: 'name' }] });
  });

  it('forgets the logs of a file that went while nobody kept it, and makes no timer', async () => {
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

  it('tells what failed and goes on', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    const read = store.read.bind(store);
    store.read = () => Promise.reject(new Error('the disk is gone'));
    await pass(laptop, 30 * MINUTE);
    expect(log.messages('error')).toContain('run failed: the disk is gone');
    store.read = read;
    await pass(laptop, 6 * MINUTE);
    expect((await jobOf(laptop))?.logs).toMatchObject([{ at: NOON, status: 'OK' }]);
  });
});
