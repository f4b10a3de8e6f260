import { describe, expect, test } from 'vitest';
import { asking, awsErrorName } from '../../lib/aws/errors.ts';
import { InvalidError, UnavailableError } from '../../lib/domain/errors.ts';
import { awsError } from '../support/aws-error.ts';

describe('what AWS threw', () => {
  test.each([
    ['ConflictException', awsError('ConflictException')],
    ['ECONNREFUSED', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['TimeoutError', Object.assign(awsError('TimeoutError'), { code: 'ETIMEDOUT' })],
    ['Error', new Error('plain')],
    ['unknown error', 'a text'],
  ])('is called %s', (name, error) => {
    expect(awsErrorName(error)).toBe(name);
  });

  test.each([
    ['AccessDeniedException', "Allow this action in the policy of the caller's role."],
    ['ProvisionedThroughputExceededException', 'AWS asks for fewer calls: try again later.'],
    ['ThrottlingException', 'AWS asks for fewer calls: try again later.'],
    ['ExpiredTokenException', 'Sign in to AWS again.'],
    ['CredentialsProviderError', 'Sign in to AWS again.'],
    ['ResourceNotFoundException', 'Check that the deployment is whole, and that name and region are right.'],
    ['TimeoutError', 'Check the network and the endpoint, then try again.'],
    ['InternalServerError', 'Try again; if it stays, look at the cause.'],
  ])('a %s becomes an UnavailableError with its cure', async (name, cure) => {
    const cause = awsError(name, 'said so');
    const error = await asking('Cannot read x', () => Promise.reject(cause)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toMatchObject({ message: `Cannot read x: AWS answered ${name}: said so. ${cure}`, cause });
  });

  test.each([
    ['an error without words', awsError('InternalServerError', ''), 'InternalServerError: without a word. '],
    ['something that is no error', 'oops', 'unknown error: oops. '],
  ])('%s is told as well as can be', async (_, thrown, said) => {
    await expect(asking('Cannot read x', () => Promise.reject(thrown))).rejects.toThrow(
      `Cannot read x: AWS answered ${said}Try again; if it stays, look at the cause.`,
    );
  });

  test('our own errors pass as they are', async () => {
    const error = new InvalidError([]);
    await expect(asking('Cannot read x', () => Promise.reject(error))).rejects.toBe(error);
  });

  test('what was answered is returned', async () => {
    expect(await asking('Cannot read x', async () => 7)).toBe(7);
  });
});
