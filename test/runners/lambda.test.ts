import { describe, expect, it } from 'vitest';
import { CloudtabError, ConfigurationError } from '../../lib/core/domain/errors.ts';
import type { FunctionEnd, Functions } from '../../lib/core/ports/functions.ts';
import { LambdaRunner } from '../../lib/runners/lambda.ts';
import { runContext } from '../support/run-context.ts';

function lambda(end: FunctionEnd, allowedFunctions: readonly string[] = ['report']) {
  const invoked: Parameters<Functions['invoke']>[] = [];
  const functions: Functions = {
    async invoke(...given) {
      invoked.push(given);
      return end;
    },
  };
  const limits = { allowedHosts: [], allowedFunctions, allowedUsers: [] };
  const given = runContext({
    cron: { name: 'lambda:report' },
    environ: { to: 'me' },
    tools: { functions, limits },
  });
  return { runner: new LambdaRunner(given.context), invoked, signal: given.context.signal };
}

describe('LambdaRunner', () => {
  it('The function receives site, uid, planned time, environ and token, and the signal of the run', async () => {
    const { runner, invoked, signal } = lambda({ kind: 'returned', value: null });
    await runner.run();
    expect(invoked).toEqual([
      [
        'report',
        {
          site: 'default',
          uid: 'a',
          plannedAt: '2026-03-02T12:00:00Z',
          environ: { to: 'me' },
          token: 'default/a/2026-03-02T12:00:00Z',
        },
        signal,
        expect.any(Function),
      ],
    ]);
  });

  it.each([
    [null, []],
    [5, []],
    [{ statusCode: 200, body: 'fine' }, []],
    ['careful', ['careful']],
    [
      ['one', 2, 'three'],
      ['one', 'three'],
    ],
    [{ messages: ['one'] }, ['one']],
    [{ messages: 'one' }, ['one']],
  ])('A function that returns %j has the messages %j', async (value, messages) => {
    expect(await lambda({ kind: 'returned', value }).runner.run()).toEqual(messages);
  });

  it('A function that fails makes the run fail with its message', async () => {
    await expect(lambda({ kind: 'failed', message: 'out of paper' }).runner.run()).rejects.toThrow(
      new CloudtabError('The function "report" failed: out of paper'),
    );
  });

  it('A function that is not allowed is not invoked', async () => {
    const { runner, invoked } = lambda({ kind: 'returned', value: null }, ['other']);
    await expect(runner.run()).rejects.toThrow(
      new ConfigurationError(
        'The function "report" was not invoked. A site without limits of its own may invoke: other. ' +
          'Add "report" to allowedFunctions in the limits of the deployment, for the site or for "*", and deploy it.',
      ),
    );
    expect(invoked).toEqual([]);
  });
});
