import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { jsonLogger } from '../../lib/adapters/json-logger.ts';
import { captureConsole, printingToRun } from '../../lib/adapters/run-console.ts';
import type { RunContext } from '../../lib/core/ports/runners.ts';
import { runContext } from '../support/run-context.ts';

const original = { ...console };
const { stdout, stderr } = process;
const printed = vi.fn();
beforeEach(() => {
  console.log = printed;
  for (const stream of [stdout, stderr]) vi.spyOn(stream, 'write').mockReturnValue(false);
});
afterEach(() => {
  Object.assign(console, original);
  vi.restoreAllMocks();
  printed.mockClear();
});

/** A runner that prints when it is made, when it runs, and `later`. */
function runnersThatPrint(later: Promise<void>) {
  const create = (_name: string, { runId }: RunContext) => {
    console.log('%s is made', runId);
    const run = () => {
      console.log(runId, 'runs');
      void later.then(() => console.log(runId, 'goes on'));
    };
    return runId === 'none' ? undefined : { run };
  };
  return printingToRun({ problems: () => [], create });
}

it('What a run prints, also after its end, is its own; what others print stays where it was', async () => {
  const end = Promise.withResolvers<void>();
  const runners = runnersThatPrint(end.promise);
  const runs = ['one', 'two'].map((runId) => runContext({ runId }));
  for (const { context } of runs) await runners.create('task', context)?.run();
  end.resolve();
  await end.promise;
  console.log('not of a run');
  expect(runs.map(({ logger }) => logger.messages())).toEqual(
    ['one', 'two'].map((id) => [`${id} is made`, `${id} runs`, `${id} goes on`]),
  );
  expect(printed.mock.calls).toEqual([['not of a run']]);
});

/** Runs that code as a runner, and returns the lines of its output. */
async function outputOf(run: () => unknown, secrets: readonly string[] = []): Promise<unknown[]> {
  const { context, logger } = runContext({ secrets });
  const create = () => ({ run: run as () => Promise<undefined> });
  await printingToRun({ problems: () => [], create })
    .create('task', context)
    ?.run();
  return logger.lines.map(({ message, fields }) => [message, fields.stream]);
}

it('What a run writes to a standard stream, in any pieces and encodings, is its own line by line', async () => {
  const lines = await outputOf(() => {
    stdout.write('one\ntw');
    stderr.write('cafe', 'base64');
    stdout.write(Buffer.from('o\n'));
    stderr.write(new Uint8Array([0x0a]));
    stdout.write('three');
  });
  expect(lines).toEqual([
    ['one', 'stdout'],
    ['two', 'stdout'],
    ['q\ufffd\ufffd', 'stderr'],
    ['three', 'stdout'],
  ]);
});

it('A secret in pieces is in no line, whatever else the run does meanwhile', async () => {
  const lines = await outputOf(async () => {
    for (const piece of ['the correct horse', ' battery ', 'staple\n']) {
      stdout.write(piece);
      await Promise.resolve();
    }
  }, ['correct horse battery staple']);
  expect(lines).toEqual([['the [secret]', 'stdout']]);
});

it('The stream of a run says when a piece is written, and is never full', async () => {
  await outputOf(async () => {
    expect(stdout.write('a')).toBe(true);
    await new Promise<unknown>((resolve) => stdout.write('b', resolve));
    await new Promise<unknown>((resolve) => stdout.write('c', 'utf8', resolve));
  });
  expect(stdout.write('not of a run', 'utf8')).toBe(false);
});

it('A run that writes too much is cut, also if it fails, and its result is the same', async () => {
  const { context, logger } = runContext();
  const create = () => ({
    run: () => {
      stdout.write('x'.repeat(10_000));
      throw new Error('at the end');
    },
  });
  const runner = printingToRun({ problems: () => [], create }).create('task', context);
  await expect(runner?.run()).rejects.toThrow('at the end');
  expect(logger.lines.map(({ level, fields }) => [level, fields])).toEqual([
    ['info', { stream: 'stdout' }],
    ['warn', { code: 'output-cut', dropped: 1_808 }],
  ]);
});

it('The logger of a run may write to a standard stream, and that is no output of the run', async () => {
  const { context } = runContext();
  const logger = jsonLogger({}, 'DEBUG');
  const create = (_: string, { logger: log }: RunContext) => ({
    run: () => {
      for (const level of ['debug', 'info', 'warn', 'error'] as const) log.with({ level })[level](level);
    },
  });
  const written = vi.mocked(stdout.write);
  await printingToRun({ problems: () => [], create })
    .create('task', { ...context, logger })
    ?.run();
  expect(written.mock.calls.map(([line]) => JSON.parse(String(line)).message)).toEqual([
    'debug',
    'info',
    'warn',
    'error',
  ]);
});

it('A runner that does not exist is not made up', () => {
  const { context } = runContext({ runId: 'none' });
  expect(runnersThatPrint(Promise.resolve()).create('task', context)).toBeUndefined();
});

it('Each method of console has its level, and values look as they would', () => {
  const { context } = runContext();
  captureConsole(() => context.logger);
  console.debug('a');
  console.info('b %d', 1);
  console.warn({ c: 1 });
  console.error('d');
  console.dir({ e: { f: { g: { h: 1 } } } }, { depth: 0 });
  const { lines } = context.logger as ReturnType<typeof runContext>['logger'];
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['debug', 'a'],
    ['info', 'b 1'],
    ['warn', '{ c: 1 }'],
    ['error', 'd'],
    ['info', '{ e: [Object] }'],
  ]);
});
