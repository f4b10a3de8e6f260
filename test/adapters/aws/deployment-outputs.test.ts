import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { readOutputs } from '../../../lib/adapters/aws/deployment-outputs.ts';
import { OUTPUTS } from '../../../lib/adapters/aws/outputs.ts';
import { awsError } from '../../support/aws-error.ts';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

function stackWith(keys: readonly string[]): void {
  const Outputs = keys.map((OutputKey) => ({ OutputKey, OutputValue: `the ${OutputKey}` }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'Crons' }).resolves({
    Stacks: [{ StackName: 'Crons', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }],
  });
}

it('readOutputs returns the outputs of the stack', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readOutputs('Crons')).toMatchObject({ tableName: 'the TableName', root: 'the Root' });
});

it('readOutputs rejects a stack of another application and names the outputs that it lacks', async () => {
  stackWith(Object.values(OUTPUTS).filter((key) => key !== 'TableName' && key !== 'Root'));
  await expect(readOutputs('Crons')).rejects.toThrow(
    'The stack Crons has no output Root, TableName. Check that it is a stack of cloudtab and that its deployment succeeded.',
  );
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
