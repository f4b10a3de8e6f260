/**
 * Makes the SDK's clients, with their retries and timeouts. The SDK itself reads region, credentials and endpoint
 * (`AWS_ENDPOINT_URL`) from the environment. Each client has its own function, so a bundle contains only those it uses.
 */
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Throttled and failed calls are retried with exponential backoff and jitter; connections and requests time out. */
const SETTINGS = {
  retryMode: 'standard',
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 2000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/** Takes and returns plain values, and leaves out fields that are undefined. */
export function makeDynamo(): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(new DynamoDBClient(SETTINGS), {
    marshallOptions: { removeUndefinedValues: true },
  });
}

/** Only a few requests a second for each account are accepted, so a user gets the refusal instead of a long wait. */
export function makeLogs(): CloudWatchLogsClient {
  return new CloudWatchLogsClient({ ...SETTINGS, maxAttempts: 2 });
}

export function makeScheduler(): SchedulerClient {
  return new SchedulerClient(SETTINGS);
}

export function makeEventBridge(): EventBridgeClient {
  return new EventBridgeClient(SETTINGS);
}

/** Parameter Store allows about 40 reads per second, which a resync exceeds, so it needs more retries. */
export function makeSsm(): SSMClient {
  return new SSMClient({ ...SETTINGS, maxAttempts: 8 });
}

/** For a list that a user waits for and can do without, so it fails soon. */
export function makeSsmForLists(): SSMClient {
  return new SSMClient({ ...SETTINGS, maxAttempts: 2 });
}

/** For asynchronous invocations and for reading configurations, which return at once. */
export function makeLambda(): LambdaClient {
  return new LambdaClient(SETTINGS);
}

/** For functions that a run waits for: never invokes one twice, and has no request timeout, because the run has one. */
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
