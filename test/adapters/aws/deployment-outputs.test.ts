import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readDeployment } from '../../../lib/adapters/aws/deployment-outputs.ts';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';
import { tempFolder } from '../../support/temp-folder.ts';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

const StackId = 'arn:aws:cloudformation:eu-west-1:123456789012:stack/Crons/1a2b';

function stackWith(keys: readonly string[]): void {
  const Outputs = keys.map((OutputKey) => ({
    OutputKey,
    OutputValue: OutputKey.replace('Cloudtab', 'the '),
  }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'Crons' }).resolves({
    Stacks: [
      { StackName: 'Crons', StackId, CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs },
    ],
  });
}

it('readDeployment returns the outputs of the stack, and names its region and its account', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readDeployment('Crons')).toMatchObject({
    outputs: { tableName: 'the TableName', root: 'the Root' },
    names: { title: 'stack Crons, eu-west-1, 123456789012' },
  });
});

it('readDeployment rejects a stack of another application and names the outputs that it lacks', async () => {
  const { tableName, root, ...others } = OUTPUTS;
  stackWith(Object.values(others));
  await expect(readDeployment('Crons')).rejects.toThrow(
    'The stack Crons has no output CloudtabRoot, CloudtabTableName. Check that it is a stack of cloudtab and that its deployment succeeded.',
  );
});

describe('a stack with several deployments', () => {
  const keys = Object.values(OUTPUTS);
  const two = [...keys, ...keys.map((key) => `${key}ShopNightly1A2B3C4D`)];
  beforeEach(() => stackWith([...two, 'ShopUrl']));

  it('readDeployment returns the outputs of the chosen root', async () => {
    expect(await readDeployment('Crons', 'the Root')).toMatchObject({
      outputs: { tableName: 'the TableName' },
    });
    expect(await readDeployment('Crons', 'the RootShopNightly1A2B3C4D')).toMatchObject({
      outputs: {
        root: 'the RootShopNightly1A2B3C4D',
        tableName: 'the TableNameShopNightly1A2B3C4D',
        runFunctionName: 'the RunFunctionNameShopNightly1A2B3C4D',
      },
    });
  });

  it('readDeployment lists the roots if none is chosen', async () => {
    await expect(readDeployment('Crons')).rejects.toThrow(
      new ConfigurationError(
        'The stack Crons has 2 deployments of cloudtab. Choose one by its root: the Root, the RootShopNightly1A2B3C4D. ' +
          'Commands have the option --root, and openStack the option root.',
      ),
    );
  });

  it('readDeployment names the nearest root if the chosen one does not exist', async () => {
    await expect(readDeployment('Crons', 'the Rot')).rejects.toThrow(
      new ConfigurationError('root "the Rot" not found in the stack Crons. Did you mean "the Root"?'),
    );
  });
});

it('readDeployment returns the outputs of the only deployment only for its root', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readDeployment('Crons', 'the Root')).toMatchObject({ outputs: { root: 'the Root' } });
  await expect(readDeployment('Crons', 'other')).rejects.toThrow('It has: the Root.');
});

it('readDeployment distinguishes a stack that does not exist from an error of AWS', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(awsError('ValidationError'));
  await expect(readDeployment('Crons')).rejects.toThrow(
    'Stack Crons not found in this account and region. Check --stack, --region (or AWS_REGION) and --profile (or AWS_PROFILE).',
  );
  const cause = awsError('ExpiredTokenException');
  cloudFormation.on(DescribeStacksCommand).rejects(cause);
  await expect(readDeployment('Crons')).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot read the outputs of the stack Crons: /),
    cause,
  });
});

it('readDeployment explains how to choose a region where none is chosen', async () => {
  cloudFormation.restore();
  const none = tempFolder();
  for (const name of ['AWS_REGION', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  vi.stubEnv('AWS_CONFIG_FILE', join(none, 'config'));
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(none, 'credentials'));
  await expect(readDeployment('Crons')).rejects.toThrow(
    new ConfigurationError(
      'No AWS region is chosen. Use --region, such as --region eu-west-1, or set AWS_REGION, or add a region to your profile in ~/.aws/config.',
    ),
  );
  vi.unstubAllEnvs();
});
