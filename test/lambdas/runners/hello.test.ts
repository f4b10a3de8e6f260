import { expect, it } from 'vitest';
import { Hello } from '../../../lambdas/runners/hello.ts';
import { runners } from '../../../lambdas/runners/index.ts';
import { RunnerTable } from '../../../lib/runners/table.ts';
import { runContext } from '../../support/run-context.ts';

it('greets, without telling the key', async () => {
  const { context, log } = runContext({ environ: { who: 'team', key: 'hunter2' } });
  expect(await new Hello(context).run()).toBeUndefined();
  expect(log.lines[0]).toEqual({ level: 'info', message: 'Hello team', fields: { signed: true } });
  expect(JSON.stringify(log.lines)).not.toContain('hunter2');
});

it('warns when there is nobody', async () => {
  const { context } = runContext({ environ: { who: 'nobody' } });
  expect(await new Hello(context).run()).toBe('There was nobody to greet');
});

it('is registered, and takes the settings of its example', () => {
  const table = new RunnerTable(runners);
  expect(table.problems('hello', { who: 'team', key: { $secret: 'hello-key' } })).toEqual([]);
  expect(table.problems('hello', {})).toEqual([
    {
      where: 'environ.who',
      got: 'nothing',
      wanted: 'a string',
      cure: 'Whom to greet. For example {"who":"world"}.',
    },
  ]);
});
