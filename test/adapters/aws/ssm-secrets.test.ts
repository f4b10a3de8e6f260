import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { SsmSecrets } from '../../../lib/adapters/aws/ssm-secrets.ts';
import { awsError } from '../../support/aws-error.ts';

const client = new SSMClient({ region: 'eu-west-1' });
const ssm = mockClient(client);
const secrets = new SsmSecrets(client, 'cloudtab');

beforeEach(() => {
  ssm.reset();
});

it('SsmSecrets.read returns the decrypted value of the parameter of the site', async () => {
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'hunter2' } });
  expect(await secrets.read('shop', 'token')).toBe('hunter2');
  expect(ssm.commandCalls(GetParameterCommand).map(({ args }) => args[0].input)).toEqual([
    { Name: '/cloudtab-secrets/shop/token', WithDecryption: true },
  ]);
});

it('SsmSecrets.read returns undefined when there is no such parameter', async () => {
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
  expect(await secrets.read('shop', 'token')).toBeUndefined();
});

it('SsmSecrets.read throws an UnavailableError that names the parameter when AWS denies access', async () => {
  const cause = awsError('AccessDeniedException', 'not you');
  ssm.on(GetParameterCommand).rejects(cause);
  await expect(secrets.read('shop', 'token')).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot read the secret \/cloudtab-secrets\/shop\/token: /),
    cause,
  });
});

it('SsmSecrets.location names the parameter that holds a secret', () => {
  expect(secrets.location('shop', 'token')).toBe(
    'the SecureString parameter /cloudtab-secrets/shop/token, with: cloudtab secret set token --site shop',
  );
  expect(new SsmSecrets(client, 'cloudtab', '--stack Tab').location('default', 'token')).toMatch(
    /with: cloudtab secret set token --stack Tab$/,
  );
});
