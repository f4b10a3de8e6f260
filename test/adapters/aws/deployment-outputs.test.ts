import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { readOutputs } from '../../../lib/adapters/aws/deployment-outputs.ts';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
import { ConfigurationError } from '../../../lib/core/domain/errors.ts';
import { awsError } from '../../support/aws-error.ts';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

function stackWith(keys: readonly string[]): void {
  const Outputs = keys.map((OutputKey) => ({
    OutputKey,
    OutputValue: OutputKey.replace('Cloudtab', 'the '),
  }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'Crons' }).resolves({
    Stacks: [{ StackName: 'Crons', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }],
  });
}

it('readOutputs returns the outputs of the stack', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readOutputs('Crons')).toMatchObject({ tableName: 'the TableName', root: 'the Root' });
});

it('readOutputs rejects a stack of another application and names the outputs that it lacks', async () => {
  const { tableName, root, ...others } = OUTPUTS;
  stackWith(Object.values(others));
  await expect(readOutputs('Crons')).rejects.toThrow(
    'The stack Crons has no output CloudtabRoot, CloudtabTableName. Check that it is a stack of cloudtab and that its deployment succeeded.',
  );
});

describe('a stack with several deployments', () => {
  const keys = Object.values(OUTPUTS);
  const two = [...keys, ...keys.map((key) => `${key}ShopNightly1A2B3C4D`)];
  beforeEach(() => stackWith([...two, 'ShopUrl']));

  it('readOutputs returns the outputs of the chosen root', async () => {
    expect(await readOutputs('Crons', 'the Root')).toMatchObject({ tableName: 'the TableName' });
    expect(await readOutputs('Crons', 'the RootShopNightly1A2B3C4D')).toMatchObject({
      root: 'the RootShopNightly1A2B3C4D',
      tableName: 'the TableNameShopNightly1A2B3C4D',
      runFunctionName: 'the RunFunctionNameShopNightly1A2B3C4D',
    });
  });

  it('readOutputs lists the roots if none is chosen', async () => {
    await expect(readOutputs('Crons')).rejects.toThrow(
      new ConfigurationError(
        'The stack Crons has 2 deployments of cloudtab. Choose one by its root: the Root, the RootShopNightly1A2B3C4D. ' +
          'Commands have the option --root, and openStack the option root.',
      ),
    );
  });

  it('readOutputs names the nearest root if the chosen one does not exist', async () => {
    await expect(readOutputs('Crons', 'the Rot')).rejects.toThrow(
      new ConfigurationError('root "the Rot" not found in the stack Crons. Did you mean "the Root"?'),
    );
  });
});

it('readOutputs returns the outputs of the only deployment only for its root', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readOutputs('Crons', 'the Root')).toMatchObject({ root: 'the Root' });
  await expect(readOutputs('Crons', 'other')).rejects.toThrow('It has: the Root.');
});

it('readOutputs distinguishes a stack that does not exist from an error of AWS', async () => {
  cloudFormation.on(DescribeStacksCommand).rejects(awsError('ValidationError'));
  await expect(readOutputs('Crons')).rejects.toThrow(
    'Stack Crons not found in this account and region. Check --stack, AWS_PROFILE and AWS_REGION.',
  );
  const cause = awsError('ExpiredTokenException');
  cloudFormation.on(DescribeStacksCommand).rejects(cause);
  await expect(readOutputs('Crons')).rejects.toMatchObject({
    name: 'UnavailableError',
    message: expect.stringMatching(/^Cannot read the outputs of the stack Crons: /),
    cause,
  });
});
