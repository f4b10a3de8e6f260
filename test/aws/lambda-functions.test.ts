import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { makeInvoker, makeSts } from '../../lib/aws/clients.ts';
import { LambdaFunctions } from '../../lib/aws/lambda-functions.ts';
import { NotFoundError, UnavailableError } from '../../lib/domain/errors.ts';

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

describe('a function that ends', () => {
  it('was given the payload as JSON, and the signal', async () => {
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

  it('and returns nothing returned null', async () => {
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
  ])('badly with %s failed in its own words: %s', async (text, message) => {
    answer(text, 'Unhandled');
    expect(await functions.invoke('report', {}, signal)).toEqual({ kind: 'failed', message });
  });
});

describe('a function that cannot be invoked', () => {
  it('does not exist', async () => {
    const error = new ResourceNotFoundException({ message: 'gone', $metadata: {} });
    lambda.on(InvokeCommand).rejects(error);
    await expect(functions.invoke('report', {}, signal)).rejects.toThrow(
      new NotFoundError(
        'There is no function "report" in this account and region. Deploy it, or mend the cron\'s name.',
      ),
    );
  });

  it('may be later', async () => {
    lambda.on(InvokeCommand).rejects(Object.assign(new Error('later'), { name: 'TooManyRequestsException' }));
    const invoking = functions.invoke('report', {}, signal);
    await expect(invoking).rejects.toBeInstanceOf(UnavailableError);
    await expect(invoking).rejects.toThrow(
      'Cannot invoke the function "report": AWS answered TooManyRequestsException: later.',
    );
  });

  it('is left for the reason of the signal when that is aborted', async () => {
    const time = new AbortController();
    lambda.on(InvokeCommand).callsFake(() => {
      time.abort(new Error('time is up'));
      throw Object.assign(new Error('Request aborted'), { name: 'AbortError' });
    });
    await expect(functions.invoke('report', {}, time.signal)).rejects.toThrow(new Error('time is up'));
  });
});

describe('the clients', () => {
  it('invoke a function once', async () => {
    expect(await makeInvoker().config.maxAttempts()).toBe(1);
  });

  it('repeat asking for a role', async () => {
    expect(await makeSts().config.maxAttempts()).toBeGreaterThan(1);
  });
});
