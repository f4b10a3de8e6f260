/**
 * `cloudtab start` in a process of its own: what it prints, and what is stored after it was stopped or killed. What it
 * rejects, and the commands beside it, run in the process of the test, because a process takes long to start.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { folderOf } from '../../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../../lib/adapters/local/folder-door.ts';
import { readRetention } from '../../../lib/adapters/local/folder-settings.ts';
import { openFolderTarget } from '../../../lib/adapters/local/folder-target.ts';
import { SAMPLE_UID } from '../../../lib/adapters/local/sample.ts';
import { openDatabase } from '../../../lib/adapters/local/sqlite-database.ts';
import { SqliteStore } from '../../../lib/adapters/local/sqlite-store.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { main } from '../../../lib/surfaces/cli/main.ts';
import { welcome } from '../../../lib/surfaces/cli/start.ts';
import { commitJob } from '../../support/commit-job.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { recordOf } from '../../support/run-records.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { commandLine } from './command-line.ts';

const COMMAND = join(import.meta.dirname, '../../../bin/cloudtab.ts');
/** Milliseconds that several commands may take on a busy machine. */
const MANY_COMMANDS = 120_000;
/** What a project imports as `cloudtab`. */
const LIBRARY = join(import.meta.dirname, '../../../lib/runners/runner.ts');

const t = commandLine();
let dir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dir = join(tempFolder(), 'crons');
  t.dir = dir;
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface StartProcess {
  readonly pid: number | undefined;
  /** Resolves with the output so far once that text is part of it. */
  printed(text: string): Promise<string>;
  /** Resolves with the exit code and the whole output when the process ends by itself. */
  readonly end: Promise<{ readonly code: number | null; readonly output: string }>;
  /** Sends the signal and resolves with the exit code; null when the signal killed the process. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

function start(...options: string[]): StartProcess {
  return startIn(process.cwd(), ...options);
}

/** Starts it in the folder of a project, which may have runners of its own. */
function startIn(cwd: string, ...options: string[]): StartProcess {
  const child = spawn(process.execPath, [COMMAND, 'start', '--dir', dir, ...options], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
  });
  children.push(child);
  let output = '';
  const listeners: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
      for (const listener of listeners) listener();
    });
  }
  const end = once(child, 'close').then(([code]) => ({ code, output }));
  return {
    pid: child.pid,
    printed: (text) =>
      new Promise((resolve, reject) => {
        const listener = () => output.includes(text) && resolve(output);
        listeners.push(listener);
        child.on('exit', () => reject(new Error(`The process ended without printing "${text}":\n${output}`)));
        listener();
      }),
    end,
    async stop(signal) {
      child.kill(signal);
      return (await end).code;
    },
  };
}

function write(uid: string, value: unknown): void {
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, `${uid}.json`), JSON.stringify(value));
}

/** The text that the sample cron of that site writes to its output. */
function sampleMessage(site: string): string {
  const file = join(folderOf(dir).parameters, site, 'crons', `${SAMPLE_UID}.json`);
  return JSON.parse(readFileSync(file, 'utf8')).environ.message;
}

/** Reads the state of the folder beside the process that runs it. */
async function reading<Value>(read: (store: SqliteStore) => Promise<Value>): Promise<Value> {
  const database = openDatabase(folderOf(dir).database);
  try {
    return await read(new SqliteStore(database, { clock: systemClock, retentionDays: 90 }));
  } finally {
    database.close();
  }
}

async function recordsOf(uid: string) {
  return (await reading((store) => store.records('default', uid, { limit: 100 }))).records;
}

it('cloudtab start writes a sample into a new folder and runs it at once, and Ctrl-C stops the process cleanly', async () => {
  const crontab = start();
  const output = await crontab.printed('✓ OK');
  expect(output).toContain('It has written a sample cron');
  expect(output).toMatch(new RegExp(`${SAMPLE_UID} +│ .*${sampleMessage('default')}`));
  expect(await crontab.stop('SIGINT')).toBe(0);
  expect(await recordsOf(SAMPLE_UID)).toMatchObject([{ status: 'OK' }]);
});

it('cloudtab start --profile writes the crons of the file into a new folder, runs none of them at once, and shows the notes', async () => {
  const profile = join(tempFolder(), 'crons.crontab');
  writeFileSync(profile, 'PATH=/bin\nCRON_TZ=Europe/Paris\n0 3 1 1 * true # once a year\n');
  const crontab = start('--profile', profile);
  const output = await crontab.printed('Dashboard');
  expect(output).toContain(`It has written the crons of ${profile}.`);
  expect(output).not.toContain('sample');
  expect(await crontab.stop('SIGINT')).toBe(0);
  const files = join(folderOf(dir).parameters, 'default');
  const [file = '', ...others] = readdirSync(join(files, 'crons'));
  expect(others).toEqual([]);
  expect(JSON.parse(readFileSync(join(files, 'crons', file), 'utf8'))).toMatchObject({ name: 'command' });
  expect(await recordsOf(file.replace('.json', ''))).toEqual([]);
  // The folder is not new any more.
  writeFileSync(profile, 'nonsense');
  const again = start('--profile', profile);
  expect(await again.printed('Dashboard')).not.toContain('It has written');
  expect(await again.stop('SIGINT')).toBe(0);
});

it('cloudtab start --json prints lines of JSON, and --site names the first site of a new folder', async () => {
  const crontab = start('--site', 'shop', '--json');
  await crontab.printed('"event":"FinishedCronJob"');
  const output = await crontab.printed('"address"');
  expect(await crontab.stop('SIGTERM')).toBe(0);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.find(({ address }) => address)?.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines.find(({ event }) => event === 'FinishedCronJob')).toMatchObject({
    site: 'shop',
    uid: SAMPLE_UID,
    log: { status: 'OK' },
  });
  expect(lines.find(({ message }) => message?.includes(sampleMessage('shop')))).toMatchObject({
    level: 'INFO',
    site: 'shop',
  });
});

it('cloudtab start runs its crons although its output cannot be written, and says so once and by its exit code', async () => {
  const readOnly = openSync(COMMAND, 'r');
  const child = spawn(process.execPath, [COMMAND, 'start', '--dir', dir], {
    stdio: ['ignore', readOnly, 'pipe'],
  });
  children.push(child);
  closeSync(readOnly);
  let stderr = '';
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  await vi.waitFor(async () => expect(await recordsOf(SAMPLE_UID)).toMatchObject([{ status: 'OK' }]), {
    timeout: 20_000,
    interval: 100,
  });
  child.kill('SIGTERM');
  const [code] = await once(child, 'close');
  expect(stderr).toBe('cloudtab: Cannot write the output: EBADF: bad file descriptor, write.\n');
  expect(code).toBe(1);
});

it('cloudtab start rejects a site name that is not valid before it writes anything', async () => {
  expect(await t.cloudtab('start', '--site', 'My Shop')).toBe(2);
  expect(t.err).toBe(
    'cloudtab: --site: got "My Shop", wanted 1 to 16 lower-case letters, digits and dashes. Correct the name.\n',
  );
  expect(existsSync(dir)).toBe(false);
});

it('A run that was killed with its process is recorded as died at the next start, and is not repeated', async () => {
  write('slow', { name: 'heartbeat', periodicity: '0 0 1 1 *', environ: { seconds: 600 } });
  const crontab = start('--json');
  await crontab.printed('"event":"CrontabSynchronisation"');
  const run = spawn(process.execPath, [COMMAND, 'run', 'slow', '--dir', dir, '--no-wait']);
  children.push(run);
  const ended = once(run, 'exit');
  await untilLeased();
  run.kill('SIGKILL');
  await ended;
  expect(await crontab.stop('SIGKILL')).toBeNull();
  const next = start('--json');
  await next.printed('"event":"FinishedCronJob"');
  await next.stop('SIGTERM');
  expect(await recordsOf('slow')).toMatchObject([{ status: 'FAILURE', reason: 'died' }]);
});

it('cloudtab start rejects a port that is not valid before it starts anything', async () => {
  expect(await t.cloudtab('start', '--port', 'abc')).toBe(2);
  expect(t.err).toBe(
    'cloudtab: --port: got "abc", wanted a whole number from 0 to 65535. Choose one; 0 is any free one.\n',
  );
  expect(existsSync(dir)).toBe(false);
});

it('cloudtab start writes and runs nothing when its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  expect(await t.cloudtab('start', '--port', String(port))).toBe(1);
  other.close();
  expect(t.err).toMatch(new RegExp(`^cloudtab: The port ${port} of 127\\.0\\.0\\.1 is taken`));
  expect(await recordsOf(SAMPLE_UID)).toEqual([]);
  expect(existsSync(join(folderOf(dir).parameters, 'default', 'crons', `${SAMPLE_UID}.json`))).toBe(false);
});

it.each(['401', '-1', '1.5', 'forever'])(
  'cloudtab start rejects a retention of %s before it starts anything',
  async (days) => {
    expect(await t.cloudtab('start', `--retention=${days}`)).toBe(2);
    expect(t.err).toBe(
      `cloudtab: --retention: got "${days}", wanted a whole number from 0 to 400. ` +
        'Choose a number of days; 0 keeps only the newest records of each cron.\n',
    );
    expect(existsSync(dir)).toBe(false);
  },
);

it('cloudtab start --retention 0 stores that run records expire at once, also those of other commands', async () => {
  const crontab = start('--retention', '0');
  await crontab.printed('http://127.0.0.1:');
  await crontab.stop('SIGTERM');
  expect(readRetention(dir)).toBe(0);
  await using target = await openFolderTarget(dir, { runners: {}, logger: new MemoryLogger() });
  const { store } = target.ports;
  await commitJob(store, 'a', {}, [recordOf(0, { endedAt: systemClock.now() })]);
  expect((await store.records('default', 'a', { limit: 1 })).records).toEqual([]);
});

it('cloudtab start --port 0 serves the dashboard on a free port, publishes its door, and takes it back when it stops', async () => {
  const crontab = start('--port', '0');
  const output = await crontab.printed('http://127.0.0.1:');
  const door = new FolderDoor(dir).current();
  expect(door).toMatchObject({ pid: crontab.pid, version: expect.stringMatching(/^\d/) });
  expect(output).toContain(`Dashboard: ${door?.address}, below a secret path`);
  expect((await fetch(`${door?.address}/${door?.token}/health`)).status).toBe(200);
  expect(await crontab.stop('SIGTERM')).toBe(0);
  expect(existsSync(folderOf(dir).door)).toBe(false);
});

it('A second process for the same folder is refused with the id of the first one and the fix', async () => {
  const first = start();
  await first.printed('✓ OK');
  expect(await t.cloudtab('start')).toBe(1);
  expect(t.err).toMatch(new RegExp(`^cloudtab: .*\\b${first.pid}\\b.*--dir\\.?$`, 'm'));
});

describe('the first lines of cloudtab start', () => {
  it('The first lines fit a terminal of 80 columns', () => {
    t.atTerminal(80);
    const text = welcome({ folder: folderOf('.cloudtab') }, true, undefined);
    expect(text).toContain('.cloudtab/parameters/<site>/crons/<uid>.json');
    expect(text.split('\n').filter((line) => stripVTControlCharacters(line).length > 80)).toEqual([]);
  });
});

describe('own runners', () => {
  let project: string;
  const cwd = process.cwd();
  beforeEach(() => {
    project = tempFolder();
    process.chdir(project);
    vi.stubEnv('CLOUDTAB_DIR', dir);
  });
  afterEach(() => {
    process.chdir(cwd);
    vi.unstubAllEnvs();
  });

  /** Runs a command in the project and returns what it printed. */
  async function command(...args: string[]): Promise<{ readonly code: number; readonly output: string }> {
    Object.assign(t, { out: '', err: '' });
    const code = await main(args);
    return { code, output: `${t.out}${t.err}` };
  }

  it(
    'A runner that "init" wrote is used by the scheduler that runs, and its edits count from the next run on',
    async () => {
      const crontab = startIn(project);
      await crontab.printed('✓ OK');
      expect(await command('init', 'my-job')).toMatchObject({ code: 0 });
      const file = join(project, 'runners/my-job.ts');
      const use = (text: string) => writeFileSync(file, text.replaceAll("'cloudtab/runner'", `'${LIBRARY}'`));
      use(readFileSync(file, 'utf8'));
      expect(await command('add', 'my-job', '@yearly', '--uid', 'mine')).toMatchObject({
        code: 0,
        output: expect.stringContaining('Added "mine"'),
      });
      await crontab.printed('runners: + my-job');
      // The crons are validated again after the runner was announced.
      await vi.waitFor(async () => expect((await command('ls')).output).not.toContain('not valid'), 5_000);
      expect((await command('runners', '--json')).output).toContain('"my-job"');
      await crontab.printed('next run');
      expect((await command('run', 'mine')).output).toContain('✓ OK');
      // The scheduler runs it, and announces it.
      await crontab.printed('Hello world');
      use(readFileSync(file, 'utf8').replace('Hello', 'Goodbye'));
      expect(await command('run', 'mine')).toMatchObject({ code: 0 });
      await crontab.printed('Goodbye world');
      expect(readOutput()).toContain('Goodbye world');
      expect(await crontab.stop('SIGTERM')).toBe(0);
    },
    MANY_COMMANDS,
  );

  it(
    'A typo in a runner breaks no command, and its runs fail with the place and the reason',
    async () => {
      write('mine', { name: 'my-job', periodicity: '@yearly' });
      write('other', { name: 'heartbeat', periodicity: '@yearly' });
      mkdirSync(join(project, 'runners'));
      writeFileSync(
        join(project, 'runners/my-job.ts'),
        'export class MyJob {\n  run() {}\n}\nthis is not typescript (\n',
      );
      const crontab = startIn(project);
      await crontab.printed('runners: my-job cannot be loaded: ');
      await crontab.printed('Dashboard');
      expect(await command('off', 'other')).toMatchObject({ code: 0 });
      expect(await command('ls')).toMatchObject({ code: 0 });
      // The doctor does not look at crons that have just been edited.
      expect((await command('doctor')).output).toMatch(/No problems found|its runner cannot be loaded/);
      expect((await command('runners')).output).toMatch(
        /my-job\nIt cannot be loaded: .*my-job\.ts:4:6: Expected ';'/,
      );
      const { code, output } = await command('run', 'mine');
      expect(code).toBe(3);
      expect(output).toMatch(/FAILURE[\s\S]*my-job\.ts:4:6: Expected ';'/);
      expect(await crontab.stop('SIGTERM')).toBe(0);
    },
    MANY_COMMANDS,
  );
});

/** The lines of all runs. */
function readOutput(): string {
  const { logs } = folderOf(dir);
  return readdirSync(logs)
    .map((file) => readFileSync(join(logs, file), 'utf8'))
    .join('');
}

/** Waits until the run has been claimed, which another process does. */
async function untilLeased(): Promise<void> {
  await reading((store) =>
    vi.waitFor(async () => expect((await store.read('default', 'slow')).job?.leases).toHaveLength(1), 10_000),
  );
}
