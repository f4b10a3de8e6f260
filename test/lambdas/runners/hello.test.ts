import { expect, it } from 'vitest';
import { Hello } from '../../../lambdas/runners/hello.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { runContext } from '../../support/run-context.ts';

it('Hello logs a greeting without the secret key', async () => {
  const { context, logger } = runContext({ environ: { who: 'team', key: 'hunter2' } });
  expect(await new Hello(context).run()).toBeUndefined();
  expect(logger.lines[0]).toEqual({ level: 'info', message: 'Hello team', fields: { signed: true } });
  expect(JSON.stringify(logger.lines)).not.toContain('hunter2');
});

it('Hello returns a warning when there is no one to greet', async () => {
  const { context } = runContext({ environ: { who: 'no one' } });
  expect(await new Hello(context).run()).toBe('There was no one to greet');
});

it('The runner hello accepts the environ of its example and requires who', () => {
  const table = new RunnerTable({ hello: Hello });
  expect(table.problems({ name: 'hello', environ: { who: 'team', key: { $secret: 'hello-key' } } })).toEqual(
    [],
  );
  expect(table.problems({ name: 'hello', environ: {} })).toMatchObject([
    { where: 'environ.who', got: 'nothing' },
  ]);
});
