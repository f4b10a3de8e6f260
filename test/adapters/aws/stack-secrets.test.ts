import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openSecrets } from '../../../lib/client/chosen-target.ts';
import { describedStack } from '../../support/described-deployment.ts';
import { FUNCTION_URL } from '../../support/function-url.ts';

const cloudFormation = mockClient(CloudFormationClient);
const ssm = mockClient(SSMClient);

beforeEach(() => {
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
  ssm.on(PutParameterCommand).resolves({});
});
afterEach(() => {
  vi.unstubAllEnvs();
});

it('The secrets of a deployment are below its root, with its key', async () => {
  const { title, secrets } = await openSecrets({ stack: 'Cloudtab' }, {});
  expect(title).toBe('stack Cloudtab, eu-west-1, 123456789012');
  await secrets.write('shop', 'token', 'hunter2-hunter2');
  expect(ssm.commandCalls(PutParameterCommand)[0]?.args[0].input).toMatchObject({
    Name: '/the Root-secrets/shop/token',
    KeyId: 'the SecretKeyId',
  });
});

it('The secrets of a deployment need its stack, since its URL has no operation for them', async () => {
  await expect(openSecrets({ url: FUNCTION_URL }, {})).rejects.toThrow(
    '--stack: got nothing, wanted the stack of the deployment, which this needs. Use --stack instead of --url.',
  );
});
