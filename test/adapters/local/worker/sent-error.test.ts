import { expect, it } from 'vitest';
import { receiveError, sendError } from '../../../../lib/adapters/local/worker/sent-error.ts';
import {
  CloudtabError,
  ConfigurationError,
  StoppedError,
  TimeoutError,
} from '../../../../lib/core/domain/errors.ts';

const sent = (error: unknown) => receiveError(structuredClone(sendError(error)));

it.each([new TimeoutError('late'), new StoppedError('stopped'), new CloudtabError('no')])(
  '%s keeps its class, message and stack',
  (error) => {
    expect(sent(error)).toBeInstanceOf(error.constructor);
    expect(sent(error)).toMatchObject({ name: error.name, message: error.message, stack: error.stack });
  },
);

it('Another error of the family is a CloudtabError, and any other error keeps its name', () => {
  expect(sent(new ConfigurationError('no'))).toMatchObject({ name: 'CloudtabError', message: 'no' });
  expect(sent(new RangeError('no'))).toMatchObject({ name: 'RangeError', message: 'no' });
  expect(sent(new RangeError('no'))).not.toBeInstanceOf(CloudtabError);
});

it('Causes are sent up to the fifth, and an error without a stack has none', () => {
  const endless = new Error('a');
  endless.cause = endless;
  endless.stack = undefined;
  let depth = 0;
  for (let error: unknown = sent(endless); error instanceof Error; error = error.cause) depth += 1;
  expect(depth).toBe(6);
  expect(sendError(endless).stack).toBeUndefined();
});

it('A value that was thrown is sent as its text', () => {
  expect(sent('no luck').message).toBe('no luck');
  const hidden = {
    toString() {
      throw new Error('hidden');
    },
  };
  expect(sent(hidden).message).toBe('It threw a value that cannot be shown as text.');
});
