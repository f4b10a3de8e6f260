import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeInvoker, makeSts } from '../../../lib/adapters/aws/clients.ts';
import { LambdaFunctions } from '../../../lib/adapters/aws/lambda-functions.ts';
import { NotFoundError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';

const client = new LambdaClient({ region: 'eu-west-1' });
const lambda = mockClient(client);
const functions = new LambdaFunctions(client);
const { signal } = new AbortController();

function answer(text: string, FunctionError?: string) {
  const Payload = Object.assign(new TextEncoder().encode(text), { transformToString: () => text });
  lambda
    .on(InvokeCommand)
    .resolves({ StatusCode: 200, Payload, ...(FunctionError ? { FunctionError } : {}) });
}

beforeEach(() => {
  lambda.reset();
});

describe('LambdaFunctions.invoke, when the function ends', () => {
  it('LambdaFunctions.invoke passes the payload as JSON and the abort signal, and returns the result', async () => {
    answer('{"messages":["a"]}');
    expect(await functions.invoke('report', { site: 'shop' }, signal)).toEqual({
      kind: 'returned',
      value: { messages: ['a'] },
    });
    const [call] = lambda.commandCalls(InvokeCommand);
    expect(call?.args).toEqual([
      expect.objectContaining({ input: { FunctionName: 'report', Payload: '{"site":"shop"}' } }),
      { abortSignal: signal },
    ]);
  });

  it('LambdaFunctions.invoke returns null when the function returns nothing', async () => {
    answer('');
    expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'returned', value: null });
    lambda.on(InvokeCommand).resolves({});
    expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'returned', value: null });
  });

  it.each([
    ['{"errorType":"Error","errorMessage":"out of paper"}', 'out of paper'],
    [
      '{"errorType":"Runtime.ExitError","errorMessage":""}',
      '{"errorType":"Runtime.ExitError","errorMessage":""}',
    ],
    ['"words"', '"words"'],
    ['[1]', '[1]'],
    ['', 'null'],
  ])(
    'LambdaFunctions.invoke reports the message of a failure with the payload %s: %s',
    async (text, message) => {
      answer(text, 'Unhandled');
      expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'failed', message });
    },
  );
});

describe('LambdaFunctions.invoke, when the function cannot be invoked', () => {
  it('LambdaFunctions.invoke throws a NotFoundError when the function does not exist', async () => {
    const error = new ResourceNotFoundException({ message: 'gone', $metadata: {} });
    lambda.on(InvokeCommand).rejects(error);
    await expect(functions.invoke('report', {}, signal)).rejects.toThrow(
      new NotFoundError(
        'Function "report" not found in this account and region. Deploy it, or fix the cron\'s name.',
      ),
    );
  });

  it('LambdaFunctions.invoke throws an UnavailableError that names the function when AWS throttles', async () => {
    const cause = awsError('TooManyRequestsException', 'later');
    lambda.on(InvokeCommand).rejects(cause);
    await expect(functions.invoke('report', {}, signal)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringMatching(/^Cannot invoke the function "report": /),
      cause,
    });
  });

  it('LambdaFunctions.invoke throws the reason of the abort signal when it is aborted', async () => {
    const timeout = new AbortController();
    lambda.on(InvokeCommand).callsFake(() => {
      timeout.abort(new Error('time is up'));
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    });
    await expect(functions.invoke('report', {}, timeout.signal)).rejects.toThrow(new Error('time is up'));
  });
});

describe('the clients of the run Lambda', () => {
  it('The client that invokes functions makes one attempt', async () => {
    expect(await makeInvoker().config.maxAttempts()).toBe(1);
  });

  it('The client that assumes roles retries', async () => {
    expect(await makeSts().config.maxAttempts()).toBeGreaterThan(1);
  });
});
