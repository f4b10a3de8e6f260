/** The emulated AWS: one process with all its state in one folder, gone without a trace afterwards. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { lastLines, run } from './command.ts';
import { PATH, REGION, ROOT } from './places.ts';
import { python } from './python.ts';
import { stopping } from './stopping.ts';

const START_SECONDS = 30;
const STOP_SECONDS = 5;

/** A line of its own, of the CDK's or ours, or the first one of a stack trace. */
const COMPLAINT = / (?:WARNING|ERROR) \[|"level":"(?:WARN|ERROR)"|^\w*Error: /;

export class Emulator {
  /** Where all services answer. The address, not `localhost`, which the CDK would take for a proxy's name. */
  readonly endpoint: string;
  /** For files that go when the emulator stops. */
  readonly folder: string;
  readonly #process: ChildProcess;
  readonly #killAtExit = () => this.#kill('SIGKILL');

  private constructor(endpoint: string, folder: string, child: ChildProcess) {
    this.endpoint = endpoint;
    this.folder = folder;
    this.#process = child;
    process.once('exit', this.#killAtExit);
  }

  /** Starts on a free port and waits until it answers. Throws NoEmulatorError when this machine cannot run it. */
  static async start(): Promise<Emulator> {
    const program = await python();
    const port = await freePort();
    const folder = await mkdtemp(join(tmpdir(), 'cloudtab-e2e-'));
    await mkdir(join(folder, 'tmp'));
    // As on Lambda, a function that says nothing else is no module: whatever package.json there is further up.
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs' }));
    const lines = openSync(join(folder, 'emulator.log'), 'w');
    const child = spawn(program, ['-I', join(ROOT, 'test/e2e/emulator.py')], {
      cwd: folder,
      env: environment(port, folder),
      stdio: ['ignore', lines, lines],
      // A group of its own: Ctrl-C reaches this process alone, which then stops the emulator in its own time.
      detached: true,
    });
    closeSync(lines);
    const emulator = new Emulator(`http://127.0.0.1:${port}`, folder, child);
    try {
      await emulator.#ready();
    } catch (error) {
      const output = lastLines(await emulator.#output(), 20);
      await emulator.stop();
      throw new Error(`The emulator did not start.\n${output}`, { cause: error });
    }
    return emulator;
  }

  /** The last warnings and errors, its own and those of the functions that it runs. */
  async complaints(): Promise<string> {
    const lines = (await this.#output()).split('\n').filter((line) => COMPLAINT.test(line));
    return lines
      .slice(-20)
      .map((line) => line.slice(0, 600))
      .join('\n');
  }

  /**
   * Does something to a parameter of which nobody is told. Throws when nothing was withheld: then it shows nothing.
   */
  async withhold<Result>(work: () => Promise<Result>): Promise<Result> {
    const file = join(this.folder, 'withheld');
    await writeFile(file, '');
    const result = await work();
    const withheld = await readFile(file, 'utf8');
    await rm(file);
    if (withheld === '') throw new Error('The emulator had no event to withhold.');
    return result;
  }

  /** Kills the processes that run this function, in the middle of whatever they do. Returns how many. Throws when there is none. */
  async killFunction(name: string): Promise<number> {
    const list = { program: 'ps', args: ['-A', '-ww', '-o', 'pid=,args='], cwd: this.folder, seconds: 10 };
    const processes = (await run({ ...list, env: { PATH } })).split('\n');
    // Where MiniStack unpacks a function is part of its program's name; the folder is this emulator's alone.
    const place = `${basename(this.folder)}/tmp/ministack-lambda-${name}-`;
    const found = processes.filter((line) => line.includes(place)).map((line) => Number.parseInt(line, 10));
    if (found.length === 0) throw new Error(`No process of ${name} is running.`);
    for (const pid of found) process.kill(pid, 'SIGKILL');
    return found.length;
  }

  /** Stops the emulator with all functions that it runs, and removes its files. */
  async stop(): Promise<void> {
    if (this.#isRunning()) {
      const exit = once(this.#process, 'exit');
      this.#kill('SIGTERM');
      await Promise.race([exit, pause(STOP_SECONDS * 1000, undefined, { ref: false })]);
      this.#kill('SIGKILL');
      await exit;
    }
    process.removeListener('exit', this.#killAtExit);
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  async #ready(): Promise<void> {
    const end = Date.now() + START_SECONDS * 1000;
    while (this.#isRunning()) {
      const answer = await fetch(`${this.endpoint}/_ministack/health`, {
        signal: AbortSignal.timeout(2000),
      }).catch(() => undefined);
      if (answer?.ok) return;
      if (Date.now() > end) throw new Error(`It did not answer within ${START_SECONDS} s.`);
      await pause(100, undefined, { signal: stopping });
    }
    throw new Error(`It ended with ${this.#process.exitCode ?? this.#process.signalCode}.`);
  }

  #output(): Promise<string> {
    return readFile(join(this.folder, 'emulator.log'), 'utf8').catch(() => '');
  }

  #isRunning(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  #kill(signal: NodeJS.Signals): void {
    const { pid } = this.#process;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // The whole group has ended already.
    }
  }
}

/** Nothing of the caller's environment but what a program needs: the functions inherit it all. */
function environment(port: number, folder: string): NodeJS.ProcessEnv {
  return {
    PATH,
    HOME: folder,
    TMPDIR: join(folder, 'tmp'),
    STATE_DIR: join(folder, 'state'),
    S3_DATA_DIR: join(folder, 's3'),
    BIND_HOST: '127.0.0.1',
    GATEWAY_PORT: String(port),
    MINISTACK_REGION: REGION,
    IOT_MTLS_ENABLED: '0',
    // Each call is checked against the policies of its caller: a function may do what its role allows, and no more.
    AUTH: 'true',
    PYTHONUNBUFFERED: '1',
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
