/** A runner as users write it. It uses libraries that cloudtab bundles for itself too. */
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeRuleCommand,
  EventBridgeClient,
  ResourceNotFoundException as RuleNotFound,
} from '@aws-sdk/client-eventbridge';
import {
  ResourceNotFoundException as FunctionNotFound,
  GetFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  GetScheduleCommand,
  ResourceNotFoundException as ScheduleNotFound,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { GetParameterCommand, ParameterNotFound, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, PackedPolicyTooLargeException, STSClient } from '@aws-sdk/client-sts';
import { Runner } from '../../../../lib/runners/runner.ts';

/** Makes calls that AWS refuses, and reports whether each error is an instance of its class. */
export class Catching extends Runner {
  async run() {
    return [
      await caught(ParameterNotFound, () =>
        new SSMClient({}).send(new GetParameterCommand({ Name: 'none' })),
      ),
      await caught(TransactionCanceledException, () =>
        new DynamoDBClient({}).send(new TransactWriteItemsCommand({ TransactItems: [] })),
      ),
      await caught(RuleNotFound, () =>
        new EventBridgeClient({}).send(new DescribeRuleCommand({ Name: 'none' })),
      ),
      await caught(FunctionNotFound, () =>
        new LambdaClient({}).send(new GetFunctionCommand({ FunctionName: 'none' })),
      ),
      await caught(ScheduleNotFound, () =>
        new SchedulerClient({}).send(new GetScheduleCommand({ Name: 'none' })),
      ),
      await caught(PackedPolicyTooLargeException, () =>
        new STSClient({}).send(new AssumeRoleCommand({ RoleArn: 'none', RoleSessionName: 'none' })),
      ),
    ];
  }
}

async function caught(Class: new (...args: never[]) => Error, call: () => Promise<unknown>): Promise<string> {
  try {
    await call();
    return 'no error';
  } catch (error) {
    const name = error instanceof Error ? error.name : String(error);
    return `${name}: ${error instanceof Class}`;
  }
}
