/** Runners in real processes: what they can use, and every way in which they end. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { RunnerWorkers } from '../../../lib/adapters/local/runner-workers.ts';
import { CloudtabError, StoppedError, TimeoutError } from '../../../lib/core/domain/errors.ts';
import { GRACE_MS } from '../../../lib/core/domain/occurrence.ts';
import { MemoryLogger } from '../../support/memory-logger.ts';
import { runContext } from '../../support/run-context.ts';
import { RunnerFolder } from '../../support/runner-folder.ts';
import { VirtualClock } from '../../support/virtual-clock.ts';

const LIMITS = { bySite: { '*': { allowedHosts: ['api.example.com'], allowedUsers: ['cron-*'] } } };

let folder: RunnerFolder;
let clock: VirtualClock;
beforeEach(() => {
  folder = new RunnerFolder();
  clock = new VirtualClock(0);
});

function workersWith(options: { most?: number; memoryMb?: number } = {}): RunnerWorkers {
  return new RunnerWorkers({ clock, tools: { functions: folder.path, limits: LIMITS }, ...options });
}

type Context = Parameters<typeof runContext>[0];

/** Runs a runner with that body. */
function start(body: string, context: Context = {}, options = {}) {
  const run = runContext(context);
  const runner = workersWith(options).runner(folder.runner('mine', body), run.context);
  return { ...run, runner, done: Promise.resolve(runner.run()) };
}

const messagesOf = async (body: string, context: Context = {}) => await start(body, context).done;

/** Resolves when the run has written that line. */
async function untilLine(logger: MemoryLogger, message: string): Promise<void> {
  while (!logger.lines.some((line) => line.message === message)) await new Promise(setImmediate);
}

describe('a run in a worker', () => {
  it('A runner has its context, and its lines have their fields', async () => {
    const environ = { who: 'me', key: 'hunter2' };
    const { done, logger, runner } = start(
      `this.log.with({ part: 1 }).info('Hello ' + this.environ.who, { at: this.plannedAt, error: new RangeError('r') });
       return [this.site, this.cron.uid, String(this.cron.next(0, 'UTC')), this.token, this.runId, String(this.late),
         this.redact('the key is hunter2'), this.tools.limits.allowedHosts[0], typeof this.tools.fetch, this.environ.key];`,
      { environ, secrets: ['hunter2'], cron: { periodicity: '@yearly' } },
    );
    expect(await done).toEqual([
      'default',
      'a',
      String(Date.UTC(1971, 0, 1)),
      'default/a/2026-03-02T12:00:00Z',
      'run-1',
      'false',
      'the key is [secret]',
      'api.example.com',
      'function',
      'hunter2',
    ]);
    expect(logger.lines).toMatchObject([
      { level: 'info', message: 'Hello me', fields: { part: 1, at: runContext().context.plannedAt } },
    ]);
    expect(logger.lines[0]?.fields.error).toBeInstanceOf(RangeError);
    expect(runner.codeVersion).toMatch(/^[0-9a-f]{16}$/);
  });

  it.each([
    ['nothing', 'return undefined;', []],
    ['null', 'return null;', []],
    ['a text', "return 'w';", ['w']],
    ['a list of anything', "return ['w', 7];", ['w', '7']],
  ])('A runner that returns %s has these messages', async (_, body, messages) => {
    expect(await messagesOf(body)).toEqual(messages);
  });

  it('What a runner prints is output of its run, and fields that cannot be sent are shown as JSON', async () => {
    const { done, logger } = start(
      "console.log('a %d', 1); console.error('b'); this.log.debug('c', { f() {}, n: 1 });",
    );
    await done;
    expect(logger.lines).toEqual([
      { level: 'info', message: 'a 1', fields: {} },
      { level: 'error', message: 'b', fields: {} },
      { level: 'debug', message: 'c', fields: { n: 1 } },
    ]);
  });

  it('What a runner or its programs write past the console is output of its run, to the last line and without secrets', async () => {
    const { done, logger } = start(
      `const { execSync } = await import('node:child_process');
       execSync('echo from the hunter2 program; echo and its errors >&2', { stdio: 'inherit' });
       process.stdout.write(('x'.repeat(99) + '\\n').repeat(5_000) + 'last');`,
      { secrets: ['hunter2'] },
    );
    await done;
    const texts = logger.lines.map(({ message }) => message);
    expect(logger.lines).toContainEqual({
      level: 'info',
      message: 'from the [secret] program',
      fields: { stream: 'stdout' },
    });
    expect(texts).toContain('and its errors');
    expect(texts.filter((text) => text === 'x'.repeat(99))).toHaveLength(5_000);
    expect(texts).toContain('last');
  });

  it('What a runner writes past the bounds of output is left out, and a line says how much', async () => {
    const { done, logger } = start("process.stdout.write('x\\n'.repeat(10_001));");
    await done;
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'output-cut', dropped: 2 } });
  });

  it('A runner has the variables of the scheduler and no file of it, and its input is empty', async () => {
    vi.stubEnv('MINE', 'is here');
    const body = `const { readdirSync, readFileSync, readlinkSync } = await import('node:fs');
      const files = readdirSync('/proc/self/fd').flatMap((fd) => {
        try { return [readlinkSync('/proc/self/fd/' + fd)]; } catch { return []; }
      });
      return [process.env.MINE, readFileSync(0, 'utf8'), ...files.filter((file) => file.startsWith('${folder.path}'))];`;
    const open = openSync(folder.write('lock', ''), 'w');
    expect(await messagesOf(body)).toEqual(['is here', '']);
    closeSync(open);
    vi.unstubAllEnvs();
  });

  it('A run uses the file as it is then', async () => {
    expect(await messagesOf("return 'old';")).toEqual(['old']);
    expect(await messagesOf("return 'new';")).toEqual(['new']);
  });

  it('A file that is edited while it is loaded is loaded again, and the run names the version that ran', async () => {
    const edited = "export class Mine { run() { return 'new'; } }";
    const file = folder.write(
      'mine.ts',
      `import { writeFileSync } from 'node:fs';
       writeFileSync(new URL(import.meta.url), ${JSON.stringify(edited)});
       export class Mine { run() { return 'old'; } }`,
    );
    const runner = workersWith().runner(file, runContext().context);
    expect(await runner.run()).toEqual(['new']);
    expect(runner.codeVersion).toBe(createHash('sha256').update(edited).digest('hex').slice(0, 16));
  });

  it('A runner calls functions of the folder, and fails to act as a user', async () => {
    folder.write('double.mjs', 'export const handler = ({ n }) => n * 2;');
    expect(
      await messagesOf(
        "return String((await this.tools.functions.invoke('double', { n: 4 }, this.signal)).value);",
      ),
    ).toEqual(['8']);
    await expect(messagesOf('await this.credentials();', { cron: { user: 'cron-reader' } })).rejects.toThrow(
      /cannot assume the role "cron-reader" here/,
    );
  });

  it('Settings that only the code of the runner can check fail the run', async () => {
    const wanted = "wanted: (value) => (value > 1 ? undefined : 'more than one')";
    const file = folder.runner('mine', '', {
      members: `static environ = { n: { type: 'number', meaning: 'A number.', example: 2, ${wanted} } };`,
    });
    const { context } = runContext({ environ: { n: 1 } });
    await expect(workersWith().runner(file, context).run()).rejects.toThrow(
      'environ.n: got 1, wanted more than one.',
    );
    const checked = folder.runner('mine', '', {
      members:
        "static check({ limits }) { return [{ where: 'name', got: limits.allowedHosts[0], wanted: 'x', fix: 'y' }]; }",
    });
    await expect(workersWith().runner(checked, context).run()).rejects.toThrow('name: got api.example.com');
  });
});

describe('the end of a worker', () => {
  it.each([
    [
      'throws an error with a cause',
      "throw new Error('broken', { cause: new Error('disk is full') });",
      'broken',
    ],
    ['throws a text', "throw 'broken';", 'broken'],
    ['throws what cannot be shown', 'throw { toString() { throw 1; } };', 'cannot be shown as text'],
    ['returns what cannot be shown', 'return [Object.create(null)];', 'Cannot convert object'],
    ['exits the process', 'process.exit(7);', 'ended with the exit code 7: the runner called process.exit'],
    [
      'leaves a rejection unhandled',
      "Promise.reject(new Error('lost')); await new Promise(() => {});",
      'A promise was rejected, and nothing handled it',
    ],
    [
      'throws in a callback',
      "setTimeout(() => { throw new Error('later'); }); await new Promise(() => {});",
      'later',
    ],
    [
      'is ended by a signal',
      "process.stderr.write('crashed\\n'); process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {});",
      'The process of the runner was ended by the signal SIGSEGV: crashed',
    ],
  ])('A run whose runner %s fails at once with the reason', async (_, body, reason) => {
    await expect(messagesOf(body)).rejects.toThrow(reason);
  });

  it('An error keeps its name, stack and causes, and an expected one its class', async () => {
    const error = await start("throw new RangeError('broken', { cause: new Error('full') });").done.catch(
      (one) => one,
    );
    expect(error).toMatchObject({ name: 'RangeError', message: 'broken', cause: { message: 'full' } });
    expect(error.stack).toContain('mine.ts');
    await expect(messagesOf('await this.credentials();')).rejects.toBeInstanceOf(CloudtabError);
  });

  it.each([
    ['runs out of memory', 'const all = []; for (;;) all.push(new Array(100_000).fill(0).map(String));'],
    // V8 compiles this loop without a check for interruptions: a worker thread could not be ended.
    ['allocates for ever', 'const all = []; for (;;) all.push(new Array(1000).fill({}));'],
  ])('A run that %s fails at once with the reason', async (_, body) => {
    await expect(start(body, {}, { memoryMb: 32 }).done).rejects.toThrow(
      'The runner used more than 32 MB of memory, and was ended.',
    );
  });

  it('A runner hears of its abort with the reason, and may end in time', async () => {
    const stop = new AbortController();
    const { done, logger } = start(
      "const aborted = new Promise((resolve) => this.signal.addEventListener('abort', resolve)); this.log.info('up'); await aborted; return [this.signal.reason.name, this.signal.reason.message];",
      { signal: stop.signal },
    );
    await untilLine(logger, 'up');
    stop.abort(new StoppedError('stopped by ann'));
    expect(await done).toEqual(['StoppedError', 'stopped by ann']);
  });

  it.each([
    ['loops for ever', 'for (;;);'],
    ['loops for ever in functions of JavaScript', 'for (;;) new Array(1000).fill({});'],
    ['ignores its abort signal', 'await new Promise(() => {});'],
  ])('The worker of a run that %s is ended soon after its timeout', async (_, body) => {
    const stop = new AbortController();
    const { done, logger } = start(`this.log.info('up'); ${body}`, { signal: stop.signal });
    await untilLine(logger, 'up');
    stop.abort(new TimeoutError('The time was up.'));
    const ended = expect(done).rejects.toThrow('The run has ended.');
    await clock.advance(1_500);
    await ended;
    expect(logger.lines.at(-1)).toMatchObject({ level: 'warn', fields: { code: 'worker-ended' } });
  });

  it.each([
    ['returns', 'return undefined;'],
    ['exits the process', 'process.exit(1);'],
  ])('A run that %s ends with its background processes, and with those of its programs', async (_, end) => {
    const pids = join(folder.path, 'pids');
    const sleep = `sh -c 'trap "" TERM HUP; echo $$ >> ${pids}; echo up; sleep 60'`;
    const { done } = start(
      `const { spawn } = await import('node:child_process');
       const { once } = await import('node:events');
       await once(spawn(${JSON.stringify(sleep)}, { shell: true }).stdout, 'data');
       const { promise, resolve } = Promise.withResolvers();
       this.tools.programs.start({ file: '/bin/sh', args: ['-c', ${JSON.stringify(sleep)}], env: {}, stdin: '' }, resolve);
       await promise;
       ${end}`,
    );
    await Promise.allSettled([done]);
    const started = readFileSync(pids, 'utf8').trim().split('\n').map(Number);
    expect(started).toHaveLength(2);
    await vi.waitFor(() => expect(started.filter(isRunning)).toEqual([]), 10_000);
  });

  it('A run does not wait for a process that left its group and holds its output', async () => {
    const [pid] = (await messagesOf(
      `const { spawn } = await import('node:child_process');
       return [spawn('sleep', ['60'], { detached: true, stdio: 'inherit' }).pid];`,
    )) as string[];
    expect(isRunning(Number(pid))).toBe(true);
    process.kill(Number(pid), 'SIGKILL');
  });

  it('A run whose process cannot be started fails with the reason of the system', async () => {
    vi.spyOn(process, 'execPath', 'get').mockReturnValue('/absent/node');
    await expect(messagesOf('return [];')).rejects.toThrow('spawn /absent/node ENOENT');
    vi.restoreAllMocks();
  });

  it('A program whose code is an option of Node runs runners, too', async () => {
    const { stdout } = describingProgram(folder.runner('mine', '', { members: "static summary = 'Mine.';" }));
    expect(await text(stdout)).toBe('Mine.\n');
  });

  it('A worker ends with the program that started it, even if that is killed', async () => {
    const pid = join(folder.path, 'pid');
    const file = folder.write(
      'mine.ts',
      `import { writeFileSync } from 'node:fs';
       writeFileSync('${pid}', String(process.pid));
       for (;;) new Array(1000).fill({});`,
    );
    const program = describingProgram(file);
    const worker = await vi.waitFor(() => Number(readFileSync(pid, 'utf8') || expect.unreachable()), 10_000);
    expect(isRunning(worker)).toBe(true);
    program.kill('SIGKILL');
    await vi.waitFor(() => expect(isRunning(worker)).toBe(false), 10_000);
  });

  it.each([
    [
      'has an enum',
      'enum Color { Red }\nexport class A { run() {} }',
      /mine\.ts:1:1: TypeScript enum is not supported in strip-only mode\. Node strips types only: no enum, no namespace, no parameter properties\./,
    ],
    [
      'is no TypeScript',
      'export class A {\n  run() {}\n}\nthis is not typescript (',
      /mine\.ts:4:6: Expected ';'/,
    ],
    [
      'imports what does not exist',
      "import './absent.ts';",
      /mine\.ts: Cannot find module .*Install the package, or write the path with its extension/,
    ],
    [
      'imports a name that is not exported',
      "import { nothing } from 'node:fs';",
      /mine\.ts:1:10: .*does not provide an export named 'nothing'/,
    ],
    ['throws when it is loaded', 'const a = null;\na.b();', /mine\.ts:2:3: Cannot read properties of null/],
    ['throws a text when it is loaded', "throw 'no luck';", /mine\.ts: no luck\./],
    ['exports no runner', 'export const a = 1;', /mine\.ts: got no class with a method "run"/],
  ])('A run whose file %s fails with the place and the reason', async (_, text, reason) => {
    const file = folder.write('mine.ts', text);
    const { context } = runContext();
    await expect(workersWith().runner(file, context).run()).rejects.toThrow(reason);
  });

  it('A run whose file waits for what never comes fails at once', async () => {
    const file = folder.write('mine.ts', 'await new Promise(() => {});');
    await expect(workersWith().runner(file, runContext().context).run()).rejects.toThrow(
      'nothing was left that it waits for',
    );
  });

  it('An error in the syntax of JavaScript, or in another file, is reported where it is', async () => {
    const { context } = runContext();
    const script = folder.write('mine.mjs', 'export class A {\n  run() {}\n}\nconst a = ;\n');
    await expect(workersWith().runner(script, context).run()).rejects.toThrow(/mine\.mjs:4:11: /);
    folder.write('_shared.ts', '\nconst a: = 1;');
    const indirect = folder.write('other.ts', "import './_shared.ts';");
    await expect(workersWith().runner(indirect, context).run()).rejects.toThrow(/_shared\.ts:2:\d+: /);
  });
});

describe('describe', () => {
  it('describe returns the summary and the settings as JSON Schema', async () => {
    const environ = "{ to: { type: 'string', required: true, meaning: 'Whom.', example: 'me' } }";
    const file = folder.runner('mine', '', {
      members: `static summary = 'Does it.'; static environ = ${environ};`,
    });
    expect(await workersWith().describe(file)).toMatchObject({
      summary: 'Does it.',
      settings: { required: ['to'], properties: { to: { description: 'Whom.', examples: ['me'] } } },
    });
    expect(await workersWith().describe(folder.runner('mine', ''))).toEqual({ summary: '' });
  });

  it('describe throws for settings that are not described as such, and for a file that is not loaded in time', async () => {
    const file = folder.runner('mine', '', { members: "static environ = { to: 'me' };" });
    await expect(workersWith().describe(file)).rejects.toThrow('static environ: got a setting "to"');
    const endless = folder.write('mine.ts', 'for (;;);');
    const late = expect(workersWith().describe(endless)).rejects.toThrow('it was not loaded within 10 s');
    await clock.advance(10_000);
    await late;
  });
});

describe('the start of workers', () => {
  it('As many workers start at once as there are processors, and all get their turn', async () => {
    const processes = () => process.getActiveResourcesInfo().filter((one) => one === 'ProcessWrap').length;
    const workers = workersWith();
    const file = folder.runner('mine', '');
    const all = Promise.all(Array.from({ length: 3 * availableParallelism() }, () => workers.describe(file)));
    expect(processes()).toBe(availableParallelism());
    await all;
    expect(processes()).toBe(0);
  });

  it('A run that is aborted before its worker starts ends with the reason', async () => {
    const workers = workersWith();
    const file = folder.runner('mine', '');
    const others = Array.from({ length: availableParallelism() }, () => workers.describe(file));
    const stop = new AbortController();
    const run = Promise.resolve(workers.runner(file, runContext({ signal: stop.signal }).context).run());
    stop.abort(new StoppedError('stopped by ann'));
    await expect(run).rejects.toThrow('stopped by ann');
    await Promise.all(others);
  });

  it('A run that is aborted while its worker starts knows the reason', async () => {
    const stop = new AbortController();
    const body =
      'while (!this.signal.aborted) await new Promise(setImmediate); return [this.signal.reason.message];';
    const { done } = start(body, { signal: stop.signal });
    await new Promise(setImmediate);
    stop.abort(new StoppedError('stopped by ann'));
    expect(await done).toEqual(['stopped by ann']);
  });
});

describe('admit', () => {
  it('At most 64 runs are in progress unless another number is chosen', async () => {
    const workers = workersWith({});
    const logger = new MemoryLogger();
    const { signal } = new AbortController();
    const places = await Promise.all(Array.from({ length: 64 }, () => workers.admit({ logger, signal })));
    expect(logger.lines).toEqual([]);
    const next = workers.admit({ logger, signal });
    expect(logger.lines).toMatchObject([{ message: expect.stringContaining('64 runs of own runners') }]);
    places[0]?.();
    (await next)();
  });

  it('A run waits for the place of another one, and says so', async () => {
    const workers = workersWith({ most: 1 });
    const logger = new MemoryLogger();
    const { signal } = new AbortController();
    const giveBack = await workers.admit({ logger, signal });
    expect(logger.lines).toEqual([]);
    let isAdmitted = false;
    const second = workers.admit({ logger, signal }).then((give) => {
      isAdmitted = true;
      return give;
    });
    await clock.advance(GRACE_MS - 1);
    expect(isAdmitted).toBe(false);
    expect(logger.lines).toMatchObject([
      {
        level: 'warn',
        message: 'The run waits: 1 runs of own runners and functions are in progress, the most at once.',
        fields: { code: 'run-waits' },
      },
    ]);
    giveBack();
    (await second)();
    await clock.advance(GRACE_MS);
    (await workers.admit({ logger, signal }))();
  });

  it('A run that gets no place within the grace, or is stopped meanwhile, fails and takes no place', async () => {
    const workers = workersWith({ most: 1 });
    const logger = new MemoryLogger();
    const stop = new AbortController();
    const giveBack = await workers.admit({ logger, signal: stop.signal });
    const late = expect(workers.admit({ logger, signal: new AbortController().signal })).rejects.toThrow(
      'No run of another cron ended within 5 minutes: 1 runs of own runners and functions are in progress, the most at once.',
    );
    const stopped = expect(workers.admit({ logger, signal: stop.signal })).rejects.toThrow('stopped by ann');
    stop.abort(new StoppedError('stopped by ann'));
    await stopped;
    await clock.advance(GRACE_MS);
    await late;
    giveBack();
    (await workers.admit({ logger, signal: new AbortController().signal }))();
  });
});

/** A program that prints the summary of the runner in that file. */
function describingProgram(file: string) {
  const code = `
    import { RunnerWorkers } from '${pathToFileURL('lib/adapters/local/runner-workers.ts')}';
    import { systemClock } from '${pathToFileURL('lib/adapters/system-clock.ts')}';
    const workers = new RunnerWorkers({ clock: systemClock, tools: { functions: '', limits: {} } });
    console.log((await workers.describe('${file}')).summary);`;
  const args = ['--input-type=module', '--eval', code];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function isRunning(pid: number): boolean {
  try {
    // A process that has ended, and whose new parent has not noticed it, is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
