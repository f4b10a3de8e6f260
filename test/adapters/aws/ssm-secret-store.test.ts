import {
  DeleteParameterCommand,
  DescribeParametersCommand,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { ssmSecretNames } from '../../../lib/adapters/aws/ssm-secret-names.ts';
import { SsmSecretStore } from '../../../lib/adapters/aws/ssm-secret-store.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';

const client = new SSMClient({ region: 'eu-west-1' });
const ssm = mockClient(client);
const store = new SsmSecretStore({ client, root: 'cloudtab', keyId: 'alias/aws/ssm' });

beforeEach(() => {
  ssm.reset();
});

it('SsmSecretStore.names lists the names of the site page by page, and asks for no value', async () => {
  ssm
    .on(DescribeParametersCommand)
    .resolvesOnce({ Parameters: [{ Name: '/cloudtab-secrets/shop/token' }], NextToken: 'more' })
    .resolvesOnce({ Parameters: [{ Name: '/cloudtab-secrets/shop/api' }] });
  expect(await store.names('shop')).toEqual(['api', 'token']);
  expect(ssm.commandCalls(DescribeParametersCommand)[0]?.args[0].input.ParameterFilters).toEqual([
    { Key: 'Path', Option: 'OneLevel', Values: ['/cloudtab-secrets/shop'] },
  ]);
});

it('After its signal a list of names is not waited for', async () => {
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  const real = new SSMClient({ region: 'eu-west-1', credentials });
  const names = ssmSecretNames({ client: real, root: 'cloudtab' }, 'shop', AbortSignal.abort());
  await expect(names).rejects.toThrow(UnavailableError);
});

it('SsmSecretStore.write makes a SecureString with the key of the deployment', async () => {
  ssm.on(PutParameterCommand).resolves({});
  await store.write('shop', 'token', 'hunter2-hunter2');
  expect(ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input)).toEqual([
    {
      Name: '/cloudtab-secrets/shop/token',
      Value: 'hunter2-hunter2',
      Type: 'SecureString',
      KeyId: 'alias/aws/ssm',
      Overwrite: true,
      Tier: 'Intelligent-Tiering',
    },
  ]);
});

it('SsmSecretStore.remove says whether there was such a secret', async () => {
  ssm
    .on(DeleteParameterCommand)
    .resolvesOnce({})
    .rejectsOnce(new ParameterNotFound({ message: '', $metadata: {} }));
  expect(await store.remove('shop', 'token')).toBe(true);
  expect(await store.remove('shop', 'token')).toBe(false);
});

it('SsmSecretStore names the parameter when AWS denies access', async () => {
  ssm.rejects(awsError('AccessDeniedException', 'not you'));
  await expect(store.names('shop')).rejects.toThrow(
    'Cannot list the secrets below /cloudtab-secrets/shop/: ',
  );
  await expect(store.write('shop', 'token', 'x')).rejects.toThrow(
    'Cannot write the secret /cloudtab-secrets/shop/token: ',
  );
  await expect(store.remove('shop', 'token')).rejects.toThrow(
    'Cannot remove the secret /cloudtab-secrets/shop/token: ',
  );
});

it('SsmSecretStore.location names the parameter and the command', () => {
  expect(store.location('default', 'token')).toBe(
    'the SecureString parameter /cloudtab-secrets/default/token, with: cloudtab secret set token',
  );
});
