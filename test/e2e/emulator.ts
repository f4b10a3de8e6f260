/** The emulated AWS: one process with its state in a temporary folder, which is deleted when the emulator stops. */
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

/** A warning or error of MiniStack, the CDK or cloudtab, or the first line of a stack trace. */
const COMPLAINT = / (?:WARNING|ERROR) \[|"level":"(?:WARN|ERROR)"|^\w*Error: /;

export class Emulator {
  /** The endpoint of all services: an IP address, since the CDK mistakes `localhost` for the name of a proxy. */
  readonly endpoint: string;
  /** A folder for files, which are deleted when the emulator stops. */
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
    // Functions are CommonJS by default, as on Lambda, whatever package.json a parent folder has.
    await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'commonjs' }));
    const lines = openSync(join(folder, 'emulator.log'), 'w');
    const child = spawn(program, ['-I', join(ROOT, 'test/e2e/emulator.py')], {
      cwd: folder,
      env: environment(port, folder),
      stdio: ['ignore', lines, lines],
      // In a process group of its own, the emulator does not receive Ctrl-C; this process stops it.
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

  /** The last warnings and errors of the emulator and of its functions. */
  async complaints(): Promise<string> {
    const lines = (await this.#output()).split('\n').filter((line) => COMPLAINT.test(line));
    return lines
      .slice(-20)
      .map((line) => line.slice(0, 600))
      .join('\n');
  }

  /** Withholds the events of parameters that `work` changes. Throws when there was no event to withhold. */
  async withhold<Result>(work: () => Promise<Result>): Promise<Result> {
    const file = join(this.folder, 'withheld');
    await writeFile(file, '');
    const result = await work();
    const withheld = await readFile(file, 'utf8');
    await rm(file);
    if (withheld === '') throw new Error('The emulator had no event to withhold.');
    return result;
  }

  /** Kills the processes of this function and returns their number. Throws when there is none. */
  async killFunction(name: string): Promise<number> {
    const list = { program: 'ps', args: ['-A', '-ww', '-o', 'pid=,args='], cwd: this.folder, seconds: 10 };
    const processes = (await run({ ...list, env: { PATH } })).split('\n');
    // The arguments of the process contain the folder to which MiniStack unpacks the function.
    const place = `${basename(this.folder)}/tmp/ministack-lambda-${name}-`;
    const pids = processes.filter((line) => line.includes(place)).map((line) => Number.parseInt(line, 10));
    if (pids.length === 0) throw new Error(`The function ${name} has no running process.`);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    return pids.length;
  }

  /** Stops the emulator and its functions, and deletes its files. */
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
      if (Date.now() > end) throw new Error(`The emulator did not answer within ${START_SECONDS} s.`);
      await pause(100, undefined, { signal: stopping });
    }
    throw new Error(`The emulator exited with ${this.#process.exitCode ?? this.#process.signalCode}.`);
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
      // All processes of the group have ended already.
    }
  }
}

/** The environment of the emulator, without the variables of the caller, which its functions would inherit. */
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
    // MiniStack checks each call against the policies of the caller's role.
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
  if (address === null || typeof address === 'string') throw new Error('There is no free port.');
  return address.port;
}
