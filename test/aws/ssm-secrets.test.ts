import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { SsmSecrets } from '../../lib/aws/ssm-secrets.ts';
import { UnavailableError } from '../../lib/domain/errors.ts';

const client = new SSMClient({ region: 'eu-west-1' });
const ssm = mockClient(client);
const secrets = new SsmSecrets(client, 'cloudtab');

beforeEach(() => {
  ssm.reset();
});

it('reads the decrypted value of the site’s parameter', async () => {
  ssm.on(GetParameterCommand).resolves({ Parameter: { Value: 'hunter2' } });
  expect(await secrets.read('shop', 'token')).toBe('hunter2');
  expect(ssm.commandCalls(GetParameterCommand).map(({ args }) => args[0].input)).toEqual([
    { Name: '/cloudtab/shop/secrets/token', WithDecryption: true },
  ]);
});

it('finds nothing when there is no such parameter', async () => {
  ssm.on(GetParameterCommand).rejects(new ParameterNotFound({ message: '', $metadata: {} }));
  expect(await secrets.read('shop', 'token')).toBeUndefined();
});

it('tells what AWS answered, and where', async () => {
  const denied = Object.assign(new Error('not you'), { name: 'AccessDeniedException' });
  ssm.on(GetParameterCommand).rejects(denied);
  const reading = secrets.read('shop', 'token');
  await expect(reading).rejects.toBeInstanceOf(UnavailableError);
  await expect(reading).rejects.toThrow(
    'Cannot read the secret /cloudtab/shop/secrets/token: AWS answered AccessDeniedException: not you.',
  );
});

it('says where a person puts a secret', () => {
  expect(secrets.place('shop', 'token')).toBe('the SecureString parameter /cloudtab/shop/secrets/token');
});
