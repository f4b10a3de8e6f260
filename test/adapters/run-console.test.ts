import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { captureConsole, printingToRun } from '../../lib/adapters/run-console.ts';
import type { RunContext } from '../../lib/core/ports/runners.ts';
import { runContext } from '../support/run-context.ts';

const original = { ...console };
const printed = vi.fn();
beforeEach(() => {
  console.log = printed;
});
afterEach(() => {
  Object.assign(console, original);
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
