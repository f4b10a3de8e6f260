/**
 * Makes the SDK's clients, the one place that says how they retry and how long they wait. Region, credentials and
 * endpoint (`AWS_ENDPOINT_URL`) come from the environment, read by the SDK itself. A function each, so that a bundle
 * carries only the clients it uses.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Throttled and failed calls are repeated with growing, random pauses; a silent connection is given up. */
const SETTINGS = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/** Speaks in plain values; fields that are undefined are left out. */
export function makeDynamo(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(SETTINGS), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

export function makeScheduler(): SchedulerClient {
  return new SchedulerClient(SETTINGS);
}

export function makeEventBridge(): EventBridgeClient {
  return new EventBridgeClient(SETTINGS);
}

/** Parameter Store answers about 40 reads a second, so a restart meets its limit and slows down to it. */
export function makeSsm(): SSMClient {
  return new SSMClient({ ...SETTINGS, maxAttempts: 8 });
}

/** For handing over events, which are answered at once. */
export function makeLambda(): LambdaClient {
  return new LambdaClient(SETTINGS);
}

/** For functions that a run waits for: never calls one twice, and leaves the end of waiting to the run. */
export function makeInvoker(): LambdaClient {
  const requestHandler = { connectionTimeout: SETTINGS.requestHandler.connectionTimeout };
  return new LambdaClient({ maxAttempts: 1, requestHandler });
}

export function makeSts(): STSClient {
  return new STSClient(SETTINGS);
}

export function makeSqs(): SQSClient {
  return new SQSClient(SETTINGS);
}
