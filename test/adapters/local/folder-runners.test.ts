/** The runners of a folder and its catalogue: in the process that runs the crontab, and beside it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileCatalogue } from '../../../lib/adapters/local/file-catalogue.ts';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderRunners } from '../../../lib/adapters/local/folder-runners.ts';
import { type FolderPlace, openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { LocalScheduler } from '../../../lib/adapters/local/local-scheduler.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { NOON } from '../../support/jobs.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { runContext } from '../../support/run-context.ts';
import { RunnerFolder } from '../../support/runner-folder.ts';
import { sequenceRandom } from '../../support/sequence-random.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LIMITS = { bySite: { shop: { allowedHosts: ['api.example.com'] } } };
const SITE = 'default';
/** Milliseconds that a worker may take to start on a busy machine. */
const THREAD = 20_000;

class Own extends Runner {
  static readonly summary = 'Part of the program.';
  run() {}
}

let dir: string;
let files: RunnerFolder;
let clock: VirtualClock;
let logger: MemoryLogger;
const open: AsyncDisposable[] = [];
beforeEach(() => {
  dir = tempFolder();
  files = new RunnerFolder();
  clock = new VirtualClock(NOON);
  logger = new MemoryLogger();
});
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

/** The process that runs the crontab. */
async function startScheduler(runnerFolder: string | undefined = files.path): Promise<LocalScheduler> {
  const scheduler = new LocalScheduler({
    dir,
    clock,
    random: sequenceRandom(),
    logger,
    runners: { own: Own },
    ...(runnerFolder && { runnerFolder }),
    limits: LIMITS,
  });
  open.push({ [Symbol.asyncDispose]: () => scheduler.stop() });
  await scheduler.start();
  return scheduler;
}

/** The runners of the folder in a process that does not follow them. */
function folderRunners(): FolderRunners {
  const { functions, catalogue } = folderOf(dir);
  return new FolderRunners({ classes: {}, catalogue, tools: { functions, limits: LIMITS }, clock, logger });
}

/** The process of a command. */
async function openBeside(): Promise<FolderPlace> {
  const target = await openFolderTarget(dir, { logger: new MemoryLogger() });
  open.push(target);
  return target;
}

const write = async (scheduler: LocalScheduler, uid: string, value: object) => {
  await scheduler.ports.registry.write(
    { site: SITE, uid },
    JSON.stringify({ periodicity: '@yearly', ...value }),
  );
  await clock.advance(1_000);
  await scheduler.idle();
};
const projectionOf = async (scheduler: LocalScheduler, uid: string) =>
  (await scheduler.ports.store.read(SITE, uid)).cron;
const recordsOf = async (scheduler: LocalScheduler, uid: string) =>
  (await scheduler.ports.store.records(SITE, uid, { limit: 10 })).records;

async function force(scheduler: LocalScheduler, uid: string) {
  scheduler.force(SITE, uid);
  await scheduler.idle();
  const [record] = await recordsOf(scheduler, uid);
  return record;
}

describe('a scheduler with a folder of runners', () => {
  it('A runner whose file appears while the scheduler runs is used, and the cron that waited for it becomes valid', async () => {
    const scheduler = await startScheduler();
    await write(scheduler, 'mine', { name: 'my-job' });
    expect((await projectionOf(scheduler, 'mine'))?.problems).toMatchObject([{ where: 'name' }]);
    files.runner('my-job', "return 'first';");
    await clock.advance(500);
    await vi.waitFor(
      () => expect(logger.lines.map(({ message }) => message)).toContain('runners: + my-job'),
      THREAD,
    );
    await scheduler.idle();
    expect((await projectionOf(scheduler, 'mine'))?.problems).toBeUndefined();
    expect((await scheduler.ports.store.readJob(SITE, 'mine'))?.armedAt).toBeGreaterThan(NOON);
    const first = await force(scheduler, 'mine');
    expect(first).toMatchObject({ status: 'WARN', messages: ['first'] });
    files.runner('my-job', "return 'second';");
    const second = await force(scheduler, 'mine');
    expect(second).toMatchObject({ messages: ['second'] });
    expect(second?.codeVersion).not.toBe(first?.codeVersion);
  });

  it('A file that does not load fails only its own runs, and the command beside the scheduler learns why', async () => {
    files.write('broken.ts', 'export class A {\n  run() {\n}\n');
    files.runner('fine', '');
    const scheduler = await startScheduler();
    await write(scheduler, 'bad', { name: 'broken' });
    await write(scheduler, 'good', { name: 'fine' });
    expect(await force(scheduler, 'good')).toMatchObject({ status: 'OK' });
    expect(await force(scheduler, 'bad')).toMatchObject({
      status: 'FAILURE',
      messages: [expect.stringMatching(/broken\.ts:3: Unexpected eof/)],
    });
    const { ports } = await openBeside();
    expect(ports.runners.describe(SITE).find(({ name }) => name === 'broken')?.broken).toMatch(
      /broken\.ts:3:/,
    );
  });

  it('A run in a worker gets its secrets, and they are in no line', async () => {
    files.runner(
      'leaky',
      "this.log.info('key ' + this.environ.key); return String(this.environ.key.length);",
    );
    const scheduler = await startScheduler();
    await write(scheduler, 'leaky', { name: 'leaky', environ: { key: { $secret: 'k' } } });
    scheduler.ports.secrets.read = async () => 'hunter2-hunter2';
    expect(await force(scheduler, 'leaky')).toMatchObject({ status: 'WARN', messages: ['15'] });
    expect(logger.lines.map(({ message }) => message)).toContain('key [secret]');
  });

  it('The catalogue has the runners of the program, of files and of this version, and the limits', async () => {
    const file = files.runner('my-job', '', { members: "static summary = 'Mine.';" });
    await startScheduler();
    const catalogue = JSON.parse(readFileSync(folderOf(dir).catalogue, 'utf8'));
    expect(catalogue).toMatchObject({ folder: files.path, limits: LIMITS.bySite });
    expect(catalogue.runners).toContainEqual({ name: 'my-job', file, summary: 'Mine.' });
    expect(catalogue.runners).toContainEqual({ name: 'own', summary: 'Part of the program.' });
    expect(catalogue.runners.map(({ name }: { name: string }) => name)).toContain('http');
  });
});

describe('a command on the folder', () => {
  it('A command knows the runners of the catalogue, also after the scheduler has ended, and a file that came since', async () => {
    files.runner('my-job', '');
    const scheduler = await startScheduler();
    await scheduler.stop();
    open.length = 0;
    files.runner('later', "return 'ran';");
    const target = await openBeside();
    const { runners } = target.ports;
    expect(runners.problems({ name: 'my-job', environ: {} }, SITE)).toEqual([]);
    expect(runners.problems({ name: 'later', environ: {} }, SITE)).toEqual([]);
    expect(runners.problems({ name: 'absent', environ: {} }, SITE)).toMatchObject([{ where: 'name' }]);
    expect(runners.unchecked?.('my-job', SITE)).toBeUndefined();
  });

  it('Without a scheduler a forced run of a file happens in a worker of the command', async () => {
    files.runner('my-job', "return 'ran';");
    const scheduler = await startScheduler();
    await write(scheduler, 'mine', { name: 'my-job' });
    await scheduler.stop();
    open.length = 0;
    const target = await openBeside();
    await target.ports.queue.deliver({ site: SITE, uid: 'mine', plannedAt: Date.now(), forced: 'r1' });
    const { store } = target.ports;
    await vi.waitFor(
      async () =>
        expect((await store.records(SITE, 'mine', { limit: 1 })).records).toMatchObject([
          { messages: ['ran'] },
        ]),
      THREAD,
    );
  });

  it('A command refuses to run what it has no code of, and writes no record', async () => {
    const scheduler = await startScheduler(undefined);
    await write(scheduler, 'own', { name: 'own' });
    const target = await openBeside();
    const delivery = { site: SITE, uid: 'own', plannedAt: NOON, forced: 'r1' };
    await expect(target.ports.queue.deliver(delivery)).rejects.toThrow(
      'The runner "own" cannot run in this process: the catalogue of the folder names no file of it.',
    );
    expect(await recordsOf(scheduler, 'own')).toEqual([]);
  });

  it('A definition of a runner that the catalogue does not have does not come into force while no scheduler runs', async () => {
    files.runner('my-job', '');
    const scheduler = await startScheduler();
    await write(scheduler, 'mine', { name: 'my-job' });
    await scheduler.stop();
    open.length = 0;
    for (const uid of ['mine', 'new']) {
      const file = join(folderOf(dir).parameters, SITE, 'crons', `${uid}.json`);
      writeFileSync(file, JSON.stringify({ name: 'absent', periodicity: '@daily' }));
    }
    const { store } = (await openBeside()).ports;
    expect(await store.readProjection({ site: SITE, uid: 'mine' })).toMatchObject({
      value: { name: 'my-job' },
      problems: [{ where: 'name' }],
    });
    const added = await store.readProjection({ site: SITE, uid: 'new' });
    expect(added).toMatchObject({ problems: [{ where: 'name' }] });
    expect(added).not.toHaveProperty('value');
  });

  it('Without a catalogue any runner is accepted by its form, and a run of it is refused', async () => {
    const target = await openBeside();
    await target.ports.registry.write(
      { site: SITE, uid: 'a' },
      JSON.stringify({ name: 'backup', periodicity: '@daily' }),
    );
    await target.maintenance.repair(logger);
    expect((await target.ports.store.read(SITE, 'a')).cron?.problems).toBeUndefined();
    expect(target.ports.runners.unchecked?.('backup', SITE)).toContain('Run "cloudtab start"');
    expect(target.ports.runners.unchecked?.('http', SITE)).toBeUndefined();
    const delivery = { site: SITE, uid: 'a', plannedAt: NOON, forced: 'r1' };
    await expect(target.ports.queue.deliver(delivery)).rejects.toThrow('The runner "backup" cannot run');
  });
});

it('A run of a runner that does not exist is delivered, because its record says so', () => {
  expect(() => folderRunners().requireRunnable('nowhere', SITE)).not.toThrow();
});

it('A runner whose file was written a moment ago is accepted by the scheduler that runs', async () => {
  const scheduler = await startScheduler();
  files.write('fresh.ts', 'export class Fresh {}\n');
  expect(scheduler.ports.runners.problems({ name: 'fresh', environ: {} }, SITE)).toEqual([]);
  expect(scheduler.ports.runners.problems({ name: 'none', environ: {} }, SITE)).toHaveLength(1);
});

it('A run whose runner is in no file and not in this process fails with the fix', async () => {
  const catalogue = { runners: [{ name: 'other', summary: '' }], limits: {} };
  await new FileCatalogue(folderOf(dir).catalogue).publish(catalogue);
  const runners = folderRunners();
  await runners.readCatalogue();
  expect(() => runners.create('other', runContext().context)).toThrow(
    'Start "cloudtab start" in the project of the runner.',
  );
});

it('A scheduler that is stopped follows its runners no longer', async () => {
  const scheduler = await startScheduler();
  await scheduler.stop();
  open.length = 0;
  files.runner('my-job', '');
  await clock.advance(5_000);
  expect(logger.lines.map(({ message }) => message)).not.toContain('runners: + my-job');
  rmSync(join(dir, 'state'), { recursive: true });
});
