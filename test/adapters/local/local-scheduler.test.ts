import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileSecrets } from '../../../lib/adapters/local/file-secrets.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { folderLimits } from '../../../lib/adapters/local/folder-limits.ts';
import { changeSettings } from '../../../lib/adapters/local/folder-settings.ts';
import { LocalScheduler } from '../../../lib/adapters/local/local-scheduler.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import { newJob } from '../../../lib/core/domain/job.ts';
import type { RunnerResult } from '../../../lib/core/ports/runners.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { recordOf } from '../../contracts/store-subjects.ts';
import { HOUR, MINUTE, NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
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

let ids = 0;
/** Ids that differ in the part that a laptop uses of them. */
const shortIds = { id: () => String(++ids).padStart(13, '0') };

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

function makeLaptop(retentionDays?: number): LocalScheduler {
  const limits = folderLimits(dir);
  const options = { dir, clock, random: shortIds, logger, runners: { task: Task }, limits };
  const laptop = new LocalScheduler({ ...options, ...(retentionDays !== undefined && { retentionDays }) });
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

/** The run records of a cron, newest first. */
const recordsOf = async (laptop: LocalScheduler, uid = 'a') =>
  (await laptop.ports.store.records('default', uid, { limit: 100 })).records;

const jobOf = async (laptop: LocalScheduler, uid = 'a') =>
  (await laptop.ports.store.read('default', uid)).job;

describe('an edit while no process runs the crontab', () => {
  it('The times that come after the edit by the replaced schedule leave no record', async () => {
    // The files are written now, and the planned times come later.
    clock = new VirtualClock(Date.now() + HOUR);
    write('a', { ...HOURLY, periodicity: '* * * * *' });
    const before = makeLaptop();
    await before.start();
    await before.stop();
    open.splice(0);
    write('a', { ...HOURLY, periodicity: '1 1 1 1 *' });
    await clock.advance(12 * MINUTE);
    const laptop = makeLaptop();
    await laptop.start();
    await laptop.idle();
    expect(await recordsOf(laptop)).toEqual([]);
  });
});

describe('the hosts that a folder allows', () => {
  it('A cron that was rejected for its host is accepted within a second after the host was allowed', async () => {
    write('a', { name: 'http', periodicity: '@hourly', environ: { url: 'http://localhost:8080/' } });
    const laptop = makeLaptop();
    await laptop.start();
    const projection = async () => (await laptop.ports.store.read('default', 'a')).cron;
    expect((await projection())?.problems).toMatchObject([
      {
        where: 'environ.url',
        fix: expect.stringContaining(`cloudtab allow http://localhost:8080 --site default --dir ${dir}`),
      },
    ]);
    changeSettings(dir, {
      limits: { default: { allowedHosts: ['http://localhost:8080'] } },
    });
    await pass(laptop, 1_000);
    expect((await projection())?.problems).toBeUndefined();
    expect(await Array.fromAsync(laptop.ports.queue.timers(KEY))).toMatchObject([{ uid: 'a' }]);
  });
});

describe('LocalScheduler', () => {
  it('A started scheduler arms the crons in the folder, runs one at its time and arms its next occurrence', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, 30 * MINUTE);
    expect(await jobOf(laptop)).toMatchObject({ armedAt: NOON + HOUR, leases: [] });
    expect(await recordsOf(laptop)).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });

  it('A scheduler runs commands of its folder, whose output it logs', async () => {
    write('a', { ...HOURLY, name: 'command', environ: { command: 'echo "from the shell"; exit 4' } });
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, 30 * MINUTE);
    expect(await recordsOf(laptop)).toMatchObject([{ status: 'FAILURE', messages: ['exit code 4'] }]);
    expect(logger.messages('info')).toContain('from the shell');
  });

  it('A scheduler follows a file that appears, changes, breaks, is fixed and disappears, each within a second', async () => {
    const laptop = makeLaptop();
    await laptop.start();
    write('a', HOURLY);
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON);
    write('a', { ...HOURLY, periodicity: '45 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON - 15 * MINUTE);
    write('a', '{"name": "task", "periodicity": "45');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON - 15 * MINUTE);
    expect(events.at(-1)).toMatchObject({
      type: 'RejectedParameter',
      detail: { ...KEY, problems: [{ where: 'value' }] },
    });
    const note = join(folderOf(dir).parameters, 'default', 'crons', 'a.rejected.txt');
    expect(readFileSync(note, 'utf8')).toMatch(/^value$/m);
    write('a', { ...HOURLY, periodicity: '50 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON - 10 * MINUTE);
    rmSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'));
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.closedAt).toBeGreaterThan(clock.now() - 1000);
    expect((await jobOf(laptop))?.armedAt).toBeUndefined();
  });

  it('An edit during the first resync takes effect within a second', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    let isEdited = false;
    laptop.events.subscribe(({ type }) => {
      if (type !== 'CrontabSynchronisation' || isEdited) return;
      isEdited = true;
      write('a', { ...HOURLY, periodicity: '45 * * * *' });
    });
    await laptop.start();
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON - 15 * MINUTE);
  });

  it('A scheduler says how many files it has read while it starts', async () => {
    for (let number = 0; number < 120; number++) write(`c${number}`, HOURLY);
    const laptop = makeLaptop();
    const seen = new Set<number>();
    const started = laptop.start();
    for (let turns = 0; turns < 1_000 && !seen.has(100); turns++) {
      await setImmediate();
      if (laptop.reading) seen.add(laptop.reading.done);
    }
    await started;
    expect([...seen]).toEqual([0, 50, 100]);
    expect(laptop.reading).toBeUndefined();
  });

  it('The timers of known jobs exist before the files are read', async () => {
    write('a', HOURLY);
    const first = makeLaptop();
    await first.start();
    await first.stop();
    open.pop();
    const laptop = makeLaptop();
    let timers: unknown[] = [];
    vi.spyOn(laptop.ports.registry, 'list').mockImplementationOnce(async function* () {
      timers = await Array.fromAsync(laptop.ports.queue.timers());
      yield* [];
    });
    await laptop.start();
    expect(timers).toEqual([{ ...KEY, plannedAt: NOON }]);
  });

  it('After the clock was set back a scheduler goes on at once, and starts no planned time again', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await pass(laptop, 30 * MINUTE);
    write('b', { ...HOURLY, periodicity: '50 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop, 'b'))?.armedAt).toBe(NOON + 50 * MINUTE);
    clock.set(NOON - 20 * MINUTE);
    await pass(laptop, 2000);
    expect(logger.linesOf('clock-jumped')).toMatchObject([{ message: 'The clock jumped back by 1201 s' }]);
    expect((await jobOf(laptop, 'a'))?.armedAt).toBe(NOON + HOUR);
    expect((await jobOf(laptop, 'b'))?.armedAt).toBe(NOON - 10 * MINUTE);
    write('c', { ...HOURLY, periodicity: '45 * * * *' });
    await pass(laptop, 1000);
    expect((await jobOf(laptop, 'c'))?.armedAt).toBe(NOON - 15 * MINUTE);
    await pass(laptop, 30 * MINUTE);
    expect((await recordsOf(laptop, 'a')).map(({ plannedAt }) => plannedAt)).toEqual([NOON]);
    expect(await recordsOf(laptop, 'b')).toMatchObject([{ plannedAt: NOON - 10 * MINUTE, status: 'OK' }]);
    expect(await recordsOf(laptop, 'c')).toMatchObject([{ plannedAt: NOON - 15 * MINUTE, status: 'OK' }]);
  });

  it('After the computer slept a scheduler decides at once what became due', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    clock.set(NOON + 2 * MINUTE);
    await pass(laptop, 2000);
    expect(await recordsOf(laptop)).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
    expect(logger.linesOf('clock-jumped')).toMatchObject([{ level: 'warn' }]);
  });

  it('The file of a crontab switches all crons off and on', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const file = join(folderOf(dir).parameters, 'default', 'crontab.json');
    writeFileSync(file, '{"activated": false}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBeUndefined();
    writeFileSync(file, '{"activated": true}');
    await pass(laptop, 1000);
    expect((await jobOf(laptop))?.armedAt).toBe(NOON);
  });

  it('A forced run starts at once', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const runId = laptop.force('default', 'a');
    await pass(laptop, 1);
    expect(await recordsOf(laptop)).toMatchObject([{ runId, forced: runId, status: 'OK' }]);
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
    expect(await recordsOf(nextLaptop)).toMatchObject([{ status: 'OK' }]);
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
    await pass(nextLaptop, 1_000);
    expect(await jobOf(nextLaptop)).toMatchObject({ armedAt: NOON + 3 * HOUR });
    expect(await recordsOf(nextLaptop)).toMatchObject([
      { plannedAt: NOON + 2 * HOUR, status: 'OK' },
      { plannedAt: NOON + HOUR, status: 'NOTRUN', covers: { from: NOON, count: 2 } },
    ]);
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
    expect(await recordsOf(nextLaptop)).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });

  it('The holder of a lease names the process that executes the run', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await clock.advance(30 * MINUTE);
    const [lease] = (await jobOf(laptop))?.leases ?? [];
    expect(lease?.holder).toMatch(new RegExp(`^k${process.pid}-`));
    expect(lease?.holder).not.toBe(lease?.runId);
    resolve(undefined);
    await laptop.idle();
  });

  it.each([
    [30, 0],
    [undefined, 1],
  ])(
    'With a retention of %s days, a record of 31 days ago is listed %s times',
    async (retentionDays, count) => {
      const laptop = makeLaptop(retentionDays);
      const old = recordOf(clock.now(), { site: 'default', endedAt: clock.now() });
      await laptop.ports.store.commit({ ...newJob('default', 'a'), token: 'one' }, undefined, [old]);
      expect(await recordsOf(laptop)).toEqual([old]);
      clock.set(clock.now() + 31 * 24 * HOUR);
      expect(await recordsOf(laptop)).toHaveLength(count);
    },
  );

  it('The lease of a run of the scheduler lasts as long as the run, even if it ignores its timeout', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    await clock.advance(30 * MINUTE);
    const [lease] = (await jobOf(laptop))?.leases ?? [];
    expect(lease?.expiresAt).toBeGreaterThanOrEqual(NOON + 365 * 24 * HOUR);
    resolve(undefined);
    await laptop.idle();
    expect((await jobOf(laptop))?.leases).toEqual([]);
  });

  it('The lease of a run of a command, whose process id another process may have later, lasts a day', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    task = () => promise;
    write('a', HOURLY);
    const command = makeLaptop();
    await command.refresh();
    command.force('default', 'a');
    await vi.waitFor(async () => expect((await jobOf(command))?.leases).toHaveLength(1));
    const [lease] = (await jobOf(command))?.leases ?? [];
    expect(lease?.expiresAt).toBeLessThan(NOON + 25 * HOUR);
    resolve(undefined);
    await command.idle();
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

  it('A refresh without a catalogue does not reject a cron for an unknown runner, which the next lock holder may know', async () => {
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

  it('A refresh projects the removal of a file, keeps the records of its runs and arms no timer', async () => {
    write('a', HOURLY);
    write('b', HOURLY);
    const laptop = makeLaptop();
    await laptop.refresh();
    for (const uid of ['a', 'b']) laptop.force('default', uid);
    await laptop.idle();
    expect(await recordsOf(laptop)).toHaveLength(1);
    rmSync(join(folderOf(dir).parameters, 'default', 'crons', 'a.json'));
    await laptop.refresh();
    await laptop.idle();
    const { cron } = await laptop.ports.store.read('default', 'a');
    expect(cron).toMatchObject({ removedAt: clock.now(), value: { name: 'task' } });
    for (const uid of ['a', 'b']) expect(await recordsOf(laptop, uid)).toHaveLength(1);
    expect((await jobOf(laptop))?.armedAt).toBeUndefined();
    expect((await jobOf(laptop, 'b'))?.armedAt).toBeUndefined();
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
    expect(await recordsOf(laptop)).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });

  it('A run that cannot be stored is tried again with growing pauses, and then left to the sweep', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    const read = store.read.bind(store);
    store.read = () => Promise.reject(new UnavailableError('The disk is full.'));
    store.sites = () => Promise.resolve([]);
    await clock.advance(30 * MINUTE);
    await clock.advance(5 * MINUTE);
    expect(logger.linesOf('run-repeated')).toHaveLength(6);
    expect(logger.linesOf('run-repeated')[0]?.message).toBe(
      'run failed: The job of default/a could not be written: The disk is full. It is tried again.',
    );
    expect(logger.linesOf('run-failed')).toHaveLength(1);
    store.read = read;
    laptop.deliver({ ...KEY, plannedAt: NOON });
    await laptop.idle();
    expect(await recordsOf(laptop)).toMatchObject([{ plannedAt: NOON, status: 'OK' }]);
  });

  it('A delivery counts as decided only when its claim is stored', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    const commit = store.commit.bind(store);
    const stored = Promise.withResolvers<void>();
    let isStored = false;
    store.commit = async (...args) => {
      await stored.promise;
      isStored = true;
      return commit(...args);
    };
    const decided = laptop.deliver({ ...KEY, plannedAt: clock.now(), forced: 'run-1' }).then(() => isStored);
    await setImmediate();
    stored.resolve();
    expect(await decided).toBe(true);
  });

  it('A delivery that cannot be stored until the scheduler stops is not decided', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    laptop.ports.store.read = () => Promise.reject(new UnavailableError('The disk is full.'));
    const decided = laptop.deliver({ ...KEY, plannedAt: clock.now(), forced: 'run-1' });
    await clock.advance(30_000);
    expect(logger.linesOf('run-repeated')).not.toEqual([]);
    expect(laptop.requested).toBe(1);
    const stopping = laptop.stop();
    open.length = 0;
    await clock.advance(MINUTE);
    await stopping;
    expect([await decided, laptop.requested]).toEqual([false, 0]);
  });

  it('A run that ends while the disk is full is recorded when there is space again, and the next one starts', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    const commit = store.commit.bind(store);
    task = () => {
      store.commit = () => Promise.reject(new UnavailableError('The disk is full.'));
    };
    await clock.advance(30 * MINUTE);
    await clock.advance(10 * MINUTE);
    expect((await jobOf(laptop))?.leases).toHaveLength(1);
    store.commit = commit;
    task = () => undefined;
    await clock.advance(MINUTE);
    expect(await jobOf(laptop)).toMatchObject({ armedAt: NOON + HOUR, leases: [] });
    await clock.advance(HOUR);
    await laptop.idle();
    expect(await recordsOf(laptop)).toMatchObject([
      { plannedAt: NOON + HOUR, status: 'OK' },
      { plannedAt: NOON, status: 'OK' },
    ]);
  });

  it('Stopping a scheduler does not wait for the space that a record needs', async () => {
    write('a', HOURLY);
    const laptop = makeLaptop();
    await laptop.start();
    const { store } = laptop.ports;
    task = () => {
      store.commit = () => Promise.reject(new UnavailableError('The disk is full.'));
    };
    await clock.advance(30 * MINUTE);
    open.splice(0);
    const stopping = laptop.stop();
    await clock.advance(30_000);
    await stopping;
    expect(logger.linesOf('record-lost')).toHaveLength(1);
  });

  it.each([
    ['removed', () => rmSync(folderOf(dir).database)],
    [
      'put out of reach',
      () => {
        renameSync(join(dir, 'state'), join(dir, 'moved'));
        symlinkSync('state', join(dir, 'state'));
      },
    ],
    [
      'replaced',
      () => {
        const { database } = folderOf(dir);
        copyFileSync(database, `${database}.copy`);
        renameSync(`${database}.copy`, database);
      },
    ],
  ])('A scheduler whose state was %s says so at the next sweep', async (_, lose) => {
    const laptop = makeLaptop();
    await laptop.start();
    const lost = expect(laptop.untilLost).rejects.toMatchObject({
      name: 'ConfigurationError',
      message: expect.stringMatching(/^The state in .* was removed or replaced .* Start again: /),
    });
    lose();
    await pass(laptop, MINUTE);
    await lost;
  });
});

it('A sweep requests the URL of the heartbeat if there is one, and goes on when it may not be requested', async () => {
  const laptop = makeLaptop();
  await laptop.start();
  await pass(laptop, MINUTE);
  expect(logger.linesOf('heartbeat-failed')).toEqual([]);
  const secrets = new FileSecrets(folderOf(dir).secrets);
  await secrets.write('_deployment', 'heartbeat', 'https://127.0.0.1/ping/hunter2-hunter2');
  await pass(laptop, MINUTE);
  await laptop.idle();
  expect(logger.linesOf('heartbeat-failed')).toHaveLength(1);
  expect(JSON.stringify(logger.lines)).not.toContain('hunter2');
});
