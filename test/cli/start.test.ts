/** `cloudtab start` as a process of its own: what a person sees, and what survives when it is stopped or killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { folderOf } from '../../lib/local/folder.ts';
import { openDatabase } from '../../lib/local/sqlite-database.ts';
import { SqliteStore } from '../../lib/local/sqlite-store.ts';
import { tempFolder } from '../support/temp-folder.ts';

const COMMAND = join(import.meta.dirname, '../../bin/cloudtab.ts');

let dir: string;
const started: ChildProcess[] = [];

beforeEach(() => {
  dir = join(tempFolder(), 'crons');
});
afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

interface Started {
  /** Resolves with all that was printed once that text is part of it. */
  printed(text: string): Promise<string>;
  /** Sends the signal and resolves with the exit code; nothing when the signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

function start(...options: string[]): Started {
  const child = spawn(process.execPath, [COMMAND, 'start', '--dir', dir, ...options], {
    env: { ...process.env, NO_COLOR: '1' },
  });
  started.push(child);
  let output = '';
  const look: (() => void)[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      output += data;
      for (const callback of look) callback();
    });
  }
  return {
    printed: (text) =>
      new Promise((resolve, reject) => {
        const callback = () => output.includes(text) && resolve(output);
        look.push(callback);
        child.on('exit', () => reject(new Error(`ended without printing "${text}":\n${output}`)));
        callback();
      }),
    async end(signal) {
      const ended = once(child, 'exit');
      child.kill(signal);
      const [code] = await ended;
      return code;
    },
  };
}

function write(uid: string, value: unknown): void {
  const crons = join(folderOf(dir).parameters, 'default', 'crons');
  mkdirSync(crons, { recursive: true });
  writeFileSync(join(crons, `${uid}.json`), JSON.stringify(value));
}

async function logsOf(uid: string) {
  const database = openDatabase(folderOf(dir).database);
  const { job } = await new SqliteStore(database).read('default', uid);
  database.close();
  return job?.logs ?? [];
}

it('a new folder gets a sample, whose first run is seen at once, and Ctrl-C stops it cleanly', async () => {
  const crontab = start();
  const output = await crontab.printed('✓ OK');
  expect(output).toContain('A sample is there to begin with');
  expect(output).toMatch(/every-minute +│ Heartbeat: Hello from your crontab/);
  expect(await crontab.end('SIGINT')).toBe(0);
  expect(await logsOf('every-minute')).toMatchObject([{ status: 'OK' }]);
});

it('for programs it prints lines of JSON, and a new folder begins with the site that was named', async () => {
  const crontab = start('--site', 'shop', '--json');
  await crontab.printed('"event":"FinishedCronJob"');
  const output = await crontab.printed('"dashboard"');
  expect(await crontab.end('SIGTERM')).toBe(0);
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.find(({ dashboard }) => dashboard)?.dashboard).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(lines.find(({ event }) => event === 'FinishedCronJob')).toMatchObject({
    site: 'shop',
    uid: 'every-minute',
    log: { status: 'OK' },
  });
  expect(
    lines.find(({ message }) => message?.startsWith('Heartbeat: Hello from your crontab')),
  ).toMatchObject({
    level: 'INFO',
    site: 'shop',
  });
});

it('a site that cannot be one is refused before anything is written', async () => {
  const output = await start('--site', 'My Shop').printed('digits and dashes.');
  expect(output).toContain('--site: got "My Shop", wanted 1 to 16 lower-case letters');
});

it('a run that was killed with its process is recorded at the next start, and not repeated', async () => {
  write('slow', { name: 'heartbeat', periodicity: '0 0 1 1 *', environ: { seconds: 600 } });
  const crontab = start();
  await crontab.printed('next run');
  const asked = spawn(process.execPath, [COMMAND, 'run', 'slow', '--dir', dir, '--no-wait']);
  started.push(asked);
  await untilLeased();
  asked.kill('SIGKILL');
  await once(asked, 'exit');
  expect(await crontab.end('SIGKILL')).toBeNull();
  const again = start();
  await again.printed('its process died or was stopped');
  await again.end('SIGTERM');
  expect(await logsOf('slow')).toMatchObject([{ status: 'FAILURE' }]);
});

it('a port that is none is told before anything starts', async () => {
  const crontab = start('--port', 'abc');
  await crontab.printed(
    'cloudtab: --port: got "abc", wanted a whole number from 0 to 65535. Choose one; 0 is any free one.',
  );
  expect(existsSync(dir)).toBe(false);
});

it('the dashboard listens where it is told', async () => {
  await start('--port', '0').printed('Dashboard: http://127.0.0.1:');
});

it('a second process for the same folder is refused, with the cure', async () => {
  await start().printed('✓ OK');
  const second = start();
  await second.printed('Stop it first, or choose another folder with --dir.');
});

/** Looks until the run has been claimed: it is another process that does it. */
async function untilLeased(): Promise<void> {
  const database = openDatabase(folderOf(dir).database);
  const store = new SqliteStore(database);
  await vi.waitFor(
    async () => expect((await store.read('default', 'slow')).job?.leases).toHaveLength(1),
    10_000,
  );
  database.close();
}
