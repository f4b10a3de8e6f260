import { describe, expect, test } from 'vitest';
import { awsErrorName, translatingErrors } from '../../../lib/adapters/aws/errors.ts';
import { InvalidError, UnavailableError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';

describe('awsErrorName', () => {
  test.each([
    ['ConflictException', awsError('ConflictException')],
    ['ECONNREFUSED', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['TimeoutError', Object.assign(awsError('TimeoutError'), { code: 'ETIMEDOUT' })],
    ['Error', new Error('plain')],
    ['unknown error', 'a text'],
  ])('awsErrorName returns %s', (name, error) => {
    expect(awsErrorName(error)).toBe(name);
  });
});

describe('translatingErrors', () => {
  test.each([
    ['AccessDeniedException', "Allow this action in the policy of the caller's role."],
    ['ProvisionedThroughputExceededException', 'AWS asks for fewer calls: try again later.'],
    ['ThrottlingException', 'AWS asks for fewer calls: try again later.'],
    ['ExpiredTokenException', 'Sign in to AWS again.'],
    ['CredentialsProviderError', 'Sign in to AWS again.'],
    [
      'ResourceNotFoundException',
      'Check that the deployment is complete, and that name and region are right.',
    ],
    ['TimeoutError', 'Check the network and the endpoint, then try again.'],
    [
      'HierarchyTypeMismatchException',
      'Parameter Store cannot change the type of a parameter: delete the parameter and create it as a String.',
    ],
    [
      'ParameterLimitExceeded',
      'A region holds 10,000 standard parameters: delete unused parameters, or change the default tier of Parameter Store to advanced.',
    ],
    [
      'ServiceQuotaExceededException',
      'Request a higher quota in Service Quotas, or remove resources that are not used.',
    ],
    [
      'IncompatiblePolicyException',
      'Delete the policies of this parameter in Parameter Store, then save again.',
    ],
    ['InternalServerError', 'Try again; if the error persists, check the cause.'],
  ])('translatingErrors turns %s into an UnavailableError with its fix', async (name, fix) => {
    const cause = awsError(name, 'the reason');
    const error = await translatingErrors('Cannot read x', () => Promise.reject(cause)).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).toHaveProperty('message', expect.stringContaining(`${name}: the reason. `));
    expect(error).toHaveProperty('message', expect.stringMatching(new RegExp(`\\. ${fix}$`)));
    expect(error).toHaveProperty('cause', cause);
  });

  test.each([
    ['an error without a message', awsError('InternalServerError', ''), 'InternalServerError: no message. '],
    ['a thrown string', 'oops', 'unknown error: oops. '],
  ])('translatingErrors reports %s', async (_, thrown, answer) => {
    await expect(translatingErrors('Cannot read x', () => Promise.reject(thrown))).rejects.toThrow(
      `Cannot read x: AWS answered ${answer}Try again; if the error persists, check the cause.`,
    );
  });

  test('translatingErrors rethrows errors of cloudtab unchanged', async () => {
    const error = new InvalidError([]);
    await expect(translatingErrors('Cannot read x', () => Promise.reject(error))).rejects.toBe(error);
  });

  test('translatingErrors returns the result of the call', async () => {
    expect(await translatingErrors('Cannot read x', async () => 7)).toBe(7);
  });
});
