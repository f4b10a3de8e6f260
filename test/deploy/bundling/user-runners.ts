/** Runners as users write them. They use libraries that cloudtab bundles for itself too. */
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
import { CronExpressionParser } from 'cron-parser';
import { Runner, type RunnerClass } from '../../../lib/runners/runner.ts';

/** Makes calls that AWS refuses, and reports whether each error is an instance of its class. */
class Catching extends Runner {
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

/** Reports the first two times of an expression, which cron-parser computes with luxon. */
class Iterating extends Runner {
  async run() {
    const times = CronExpressionParser.parse('0 0 1 * *', { currentDate: 0, tz: 'UTC' });
    return [times.next(), times.next()].map((time) => time.toDate().toISOString());
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

export const runners = { catching: Catching, iterating: Iterating } satisfies Record<string, RunnerClass>;
