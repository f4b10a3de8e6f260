import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { readOutputs } from '../../lib/aws/deployment-outputs.ts';
import { OUTPUTS } from '../../lib/aws/outputs.ts';
import { awsError } from '../support/aws-error.ts';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

function stackWith(keys: readonly string[]): void {
  const Outputs = keys.map((OutputKey) => ({ OutputKey, OutputValue: `the ${OutputKey}` }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'Crons' }).resolves({
    Stacks: [{ StackName: 'Crons', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE', Outputs }],
  });
}

it('the parts of a deployment are found by the outputs of its stack', async () => {
  stackWith(Object.values(OUTPUTS));
  expect(await readOutputs('Crons')).toMatchObject({ tableName: 'the TableName', root: 'the Root' });
});

it('a stack that is not one of ours is refused, with what it lacks', async () => {
  stackWith(Object.values(OUTPUTS).filter((key) => key !== 'TableName' && key !== 'Root'));
  await expect(readOutputs('Crons')).rejects.toThrow(
    "The stack Crons has no outputs for: root, tableName. Is it a stack of cloudtab's, and deployed to its end?",
  );
});

it('a stack that does not exist is told from one that cannot be asked for', async () => {
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(awsError('ValidationError'));
  await expect(readOutputs('Crons')).rejects.toThrow(
    'There is no stack Crons in this account and region. Check --stack, AWS_PROFILE and AWS_REGION.',
  );
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(awsError('ExpiredTokenException'));
  await expect(readOutputs('Crons')).rejects.toThrow(
    /^Cannot read the outputs of the stack Crons: AWS answered/,
  );
});
