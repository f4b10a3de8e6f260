/** Runs real programs. The clock is virtual, so that nothing waits for the grace of a program that ignores SIGTERM. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { childPrograms } from '../../lib/adapters/child-programs.ts';
import type { JsonObject } from '../../lib/core/domain/cron.ts';
import { CloudtabError, ConfigurationError, StoppedError } from '../../lib/core/domain/errors.ts';
import { execute } from '../../lib/core/engine/execute.ts';
import type { Programs } from '../../lib/core/ports/programs.ts';
import { CommandRunner } from '../../lib/runners/command.ts';
import { RunnerTable } from '../../lib/runners/table.ts';
import { runContext } from '../support/run-context.ts';
import { tempFolder } from '../support/temp-folder.ts';

const limits = { allowedHosts: [], allowedFunctions: [], allowedUsers: [], allowCommands: true };

interface CommandOptions {
  readonly programs?: Programs;
  readonly secrets?: readonly string[];
}

/** A run of the command. `stop` aborts it; `printed` resolves when it has written that line. */
function commandRun(environ: JsonObject, { programs = childPrograms, secrets = [] }: CommandOptions = {}) {
  const abort = new AbortController();
  const { context, clock, logger } = runContext({
    environ,
    signal: abort.signal,
    secrets,
    tools: { programs, limits },
  });
  const texts = () => logger.lines.map(({ message }) => message);
  return {
    run: async () => new CommandRunner(context).run(),
    stop: () => abort.abort(new StoppedError('stopped by a test')),
    printed: (line: string) => vi.waitFor(() => expect(texts()).toContain(line), { timeout: 10_000 }),
    texts,
    logger,
    clock,
  };
}

/** The error of a run that fails. */
async function errorOf(environ: JsonObject, options?: CommandOptions): Promise<Error> {
  return commandRun(environ, options)
    .run()
    .then(
      () => expect.unreachable('the run succeeded'),
      (error) => error,
    );
}

/** Advances the clock by steps until the work is done. */
async function withTime<T>(clock: { advance(ms: number): Promise<void> }, work: Promise<T>): Promise<T> {
  let isDone = false;
  const end = () => {
    isDone = true;
  };
  work.then(end, end);
  while (!isDone) {
    await turn();
    await clock.advance(50);
  }
  return work;
}

describe('CommandRunner', () => {
  it('A line runs in the shell, and each line that it prints is a line of the output', async () => {
    const { run, logger } = commandRun({ command: 'echo one; echo "two three" >&2; printf four' });
    expect(await run()).toBeUndefined();
    const lines = logger.lines.map(({ message, fields }) => [fields.stream, message]);
    expect(lines).toHaveLength(3);
    expect(lines).toEqual(
      expect.arrayContaining([
        ['stdout', 'one'],
        ['stderr', 'two three'],
        ['stdout', 'four'],
      ]),
    );
  });

  it('A list runs as a program with its arguments, without a shell', async () => {
    const { run, texts } = commandRun({ command: ['echo', '$HOME', '*', 'a;b'] });
    await run();
    expect(texts()).toEqual(['$HOME * a;b']);
  });

  it('The program has the directory, the variables and the input of the settings', async () => {
    const cwd = tempFolder();
    const { run, texts } = commandRun({
      command: 'pwd; echo "$NAME"; cat',
      cwd,
      env: { NAME: 'Ada' },
      stdin: 'first\nsecond',
    });
    await run();
    expect(texts()).toEqual([cwd, 'Ada', 'first', 'second']);
  });

  it('The variable HOME is the directory in which the program starts, and SHELL the shell of its line', async () => {
    const home = tempFolder();
    const { run, texts } = commandRun({ command: 'anything', env: { HOME: home, SHELL: '/bin/echo' } });
    await run();
    expect(texts()).toEqual(['-c anything']);
    const inHome = commandRun({ command: ['pwd'], env: { HOME: home } });
    await inHome.run();
    expect(inHome.texts()).toEqual([home]);
  });

  it('The program has the token and the planned time of the run, and no other variable of this process than the usual ones', async () => {
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not for programs');
    const { run, texts } = commandRun({ command: 'env' });
    await run();
    vi.unstubAllEnvs();
    const variables = texts().map((line) => line.split('=')[0]);
    expect(texts()).toContain('CLOUDTAB_TOKEN=default/a/2026-03-02T12:00:00Z');
    expect(texts()).toContain('CLOUDTAB_PLANNED_AT=2026-03-02T12:00:00Z');
    expect(variables).not.toContain('AWS_SECRET_ACCESS_KEY');
    expect(variables).toContain('PATH');
  });

  it('A program that does not read its input is not disturbed by it', async () => {
    const { run } = commandRun({ command: 'exit 0', stdin: 'x'.repeat(1_000_000) });
    expect(await run()).toBeUndefined();
  });

  it('An exit code other than 0 is a failure with the last lines of the standard error', async () => {
    const error = await errorOf({ command: 'for i in 1 2 3 4 5 6 7; do echo "line $i" >&2; done; exit 3' });
    expect(error).toEqual(new CloudtabError('exit code 3: line 3\nline 4\nline 5\nline 6\nline 7'));
  });

  it('A failure without standard error has the exit code alone', async () => {
    expect(await errorOf({ command: 'echo fine; exit 1' })).toEqual(new CloudtabError('exit code 1'));
  });

  it('A program that a signal ends is a failure with the name of the signal', async () => {
    expect(await errorOf({ command: 'kill -KILL $$' })).toEqual(
      new CloudtabError('ended by the signal SIGKILL'),
    );
  });

  it('A program that does not exist is a failure that names it and its directory', async () => {
    expect(await errorOf({ command: ['no-such-program'], cwd: '/' })).toEqual(
      new CloudtabError(
        'The program "no-such-program" could not be started in the directory "/": spawn no-such-program ENOENT. ' +
          'Check that both exist and may be used.',
      ),
    );
    const error = await errorOf({ command: ['echo', 'x'.repeat(3_000_000)] });
    expect(error).toBeInstanceOf(CloudtabError);
    expect(error.message).toContain('could not be started in the home directory: spawn E2BIG.');
  });

  it('A program without streams, as when too many files are open, is a failure and disturbs nothing', async () => {
    const programs: Programs = {
      start: () => ({
        ended: Promise.reject(new Error('spawn EMFILE')),
        isAlive: () => false,
        kill: () => undefined,
        abandon: () => undefined,
      }),
    };
    expect((await errorOf({ command: 'true' }, { programs })).message).toContain('spawn EMFILE');
  });

  it('An aborted run sends SIGTERM, and waits for a program that ends by itself', async () => {
    const { run, stop, printed, clock } = commandRun({
      command: 'trap "echo cleaned up; exit 0" TERM; echo ready; while :; do sleep 0.01; done',
    });
    const running = run();
    await printed('ready');
    stop();
    await printed('cleaned up');
    await expect(withTime(clock, running)).rejects.toThrow('stopped by a test');
  });

  it('A program that ignores SIGTERM is killed after a grace of 1.5 seconds', async () => {
    const { run, stop, printed, clock } = commandRun({
      command: 'trap "" TERM; echo ready; while :; do sleep 0.01; done',
    });
    const running = run();
    await printed('ready');
    const started = clock.now();
    stop();
    await expect(withTime(clock, running)).rejects.toThrow('stopped by a test');
    expect(clock.now() - started).toBeGreaterThanOrEqual(1_500);
  });

  it('An aborted run ends the children of its program, too', async () => {
    const file = join(tempFolder(), 'pid');
    const { run, stop, printed, clock } = commandRun({
      command: `sh -c 'trap "" TERM; echo $$ > ${file}; echo ready; while :; do sleep 0.01; done' & wait`,
    });
    const running = run();
    await printed('ready');
    const pid = Number(readFileSync(file, 'utf8'));
    stop();
    await expect(withTime(clock, running)).rejects.toThrow('stopped by a test');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 10_000 });
  });

  it('An aborted run does not wait for a process that left the group and holds the output', async () => {
    const { run, stop, printed, texts, clock } = commandRun({
      command: 'setsid sh -c "echo ready; exec sleep 60" & echo $!; wait',
    });
    const running = run();
    await printed('ready');
    stop();
    await expect(withTime(clock, running)).rejects.toThrow('stopped by a test');
    process.kill(Number(texts().find((line) => /^\d+$/.test(line))), 'SIGKILL');
  });

  it('A run whose time is up before its program starts starts none', async () => {
    const { run, stop, texts } = commandRun({ command: 'echo ready' });
    stop();
    await expect(run()).rejects.toThrow('stopped by a test');
    expect(texts()).toEqual([]);
  });

  it('A run ends with the background processes that hold its output, as under cron', async () => {
    const { run, texts } = commandRun({ command: '(sleep 0.05; echo late) & echo early' });
    await run();
    expect(texts()).toEqual(['early', 'late']);
  });

  it('A program that prints 100 MB is read to its end, and one line says how much was left out', async () => {
    const { run, texts, logger } = commandRun({ command: 'yes 0123456789abcde | head -c 100000000; exit 0' });
    const before = process.memoryUsage().rss;
    await run();
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
    expect(texts()).toHaveLength(10_001);
    expect(logger.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'The output is longer than 1 MB, 10000 lines or 8 KB a line: 99840000 bytes were left out.',
      fields: { code: 'output-cut', dropped: 99_840_000 },
    });
  });

  it('Secrets are removed from the failure before it is cut', async () => {
    const secret = 'correct horse battery staple';
    const options = { secrets: [secret] };
    const environ = { command: 'echo "$S" >&2; printf "%0990d" 0 >&2; exit 1', env: { S: secret } };
    const { message } = await errorOf(environ, options);
    expect(message).not.toContain('staple');
    expect(message).toContain('[secret]');
  });

  it('A target that runs no commands refuses the run with the reason', async () => {
    const { context } = runContext({ environ: { command: 'true' } });
    await expect(new CommandRunner(context).run()).rejects.toThrow(
      new ConfigurationError(
        'The command was not run. A site without limits of its own may run no commands. Set allowCommands: true ' +
          'in the limits of the deployment, for the site or for "*", and deploy it.',
      ),
    );
  });
});

function isRunning(pid: number): boolean {
  try {
    // A process that has ended, and whose parent has not noticed it yet, is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the settings of command', () => {
  const problemsOf = (environ: JsonObject) =>
    new RunnerTable({}, { bySite: { '*': limits } }).problems({ name: 'command', environ });

  it.each<JsonObject>([
    { command: 'backup --all' },
    { command: ['backup', '--all', { $secret: 'password' }, ''] },
    { command: { $secret: 'line' } },
    { command: 'x', cwd: '/srv', env: { A: '', B: { $secret: 'b' } }, stdin: '' },
  ])('%j is valid', (environ) => {
    expect(problemsOf(environ)).toEqual([]);
  });

  it.each<[JsonObject, string, string]>([
    [{}, 'environ.command', 'a string or a list'],
    [
      { command: ' ' },
      'environ.command',
      'a line for the shell, or a list of texts that begins with a program',
    ],
    [
      { command: [] },
      'environ.command',
      'a line for the shell, or a list of texts that begins with a program',
    ],
    [
      { command: ['a', 1] },
      'environ.command',
      'a line for the shell, or a list of texts that begins with a program',
    ],
    [
      { command: ['', 'a'] },
      'environ.command',
      'a line for the shell, or a list of texts that begins with a program',
    ],
    [
      { command: 'a\0b' },
      'environ.command',
      'a line for the shell, or a list of texts that begins with a program',
    ],
    [{ command: 'a', cwd: '' }, 'environ.cwd', 'the path of a directory'],
    [{ command: 'a', env: { A: 1 } }, 'environ.env', 'an object of variable names and texts'],
    [{ command: 'a', env: { 'A=B': 'c' } }, 'environ.env', 'an object of variable names and texts'],
  ])('%j is refused', (environ, where, wanted) => {
    expect(problemsOf(environ)).toMatchObject([{ where, wanted }]);
  });

  it('A deployment that runs no commands refuses the edit with the reason and the fix', () => {
    const table = new RunnerTable({}, { bySite: {} });
    expect(table.problems({ name: 'command', environ: { command: 'true' } })).toEqual([
      {
        where: 'name',
        got: '"command"',
        wanted: 'a runner that may run here',
        fix: 'A site without limits of its own may run no commands. Set allowCommands: true in the limits of the deployment, for the site or for "*", and deploy it.',
      },
    ]);
    expect(new RunnerTable({}).problems({ name: 'command', environ: { command: 'true' } })).toEqual([]);
  });
});

it('A run of the engine whose time is up has settled before the engine gives it up', async () => {
  const { context, clock, logger } = runContext({ tools: { programs: childPrograms, limits } });
  const file = join(tempFolder(), 'started');
  const environ = { command: `trap "" TERM; echo > ${file}; while :; do sleep 0.01; done` };
  writeFileSync(file, '');
  const { cron } = runContext({ cron: { name: 'command', environ, timeout: 60 } }).context;
  const lease = {
    plannedAt: clock.now(),
    runId: 'run-1',
    holder: 'run-1',
    deliveredAt: clock.now(),
    claimedAt: clock.now(),
    expiresAt: clock.now() + 900_000,
    definitionVersion: 1,
  };
  const ports = {
    clock,
    logger,
    secrets: { read: async () => undefined, location: () => '' },
    runners: new RunnerTable({}, { bySite: { '*': limits } }).withTools(context.tools),
  };
  const { signal } = new AbortController();
  const executed = execute(ports, cron, 'default', lease, lease.expiresAt, signal);
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toBe('\n'), { timeout: 10_000 });
  // The engine gives the run up 2 seconds after its time is up.
  await clock.advance(60_000 + 1_900);
  const { result, settled } = await executed;
  expect(result).toMatchObject({ status: 'FAILURE', reason: 'timeout' });
  expect(settled).toBeUndefined();
});
