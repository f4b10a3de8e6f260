/** Runners of a user, bundled and invoked as in a deployment. A server on this machine answers for AWS. */
// cspell:ignore unstub AKIDEXAMPLE
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { projectionItem } from '../../../lib/adapters/aws/dynamo-items.ts';
import { writeEnvironment } from '../../../lib/adapters/aws/environment.ts';
import { systemClock } from '../../../lib/adapters/system-clock.ts';
import { tryRunner } from '../../../lib/client/try-runner.ts';
import type { Json, JsonObject } from '../../../lib/core/domain/cron.ts';
import { iso } from '../../../lib/core/domain/iso.ts';
import { isJsonObject } from '../../../lib/core/domain/json-object.ts';
import { bundle } from '../../../lib/deploy/bundling/bundle.ts';
import { type AnsweringServer, type Asked, startServer } from '../../support/answering-server.ts';
import { cronOf } from '../../support/jobs.ts';
import { SETTINGS } from './settings.ts';
import { Catching } from './user-runners/catching.ts';
import { GREETING } from './user-runners/default/greeting.ts';
import { Iterating } from './user-runners/iterating.ts';

/** Milliseconds that bundling may take on a busy machine. */
const BUNDLING = 60_000;

/** The messages of `catching` when each error is an instance of its class. */
const CAUGHT = [
  'ParameterNotFound: true',
  'TransactionCanceledException: true',
  'ResourceNotFoundException: true',
  'ResourceNotFoundException: true',
  'ResourceNotFoundException: true',
  'PackedPolicyTooLargeException: true',
];

const TIMES = ['1970-02-01T00:00:00.000Z', '1970-03-01T00:00:00.000Z'];

const folder = mkdtempSync(join(tmpdir(), 'cloudtab-user-runners-'));
const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let server: AnsweringServer;
/** The runner that the cron in the table names. */
let name: string;

beforeAll(async () => {
  vi.stubEnv('CLOUDTAB_RUNNERS', pathOf('./user-runners'));
  await bundle(folder, [pathOf('../../../lambdas/run.ts')]);
  server = await startServer((asked, response) => {
    const { status = 200, headers, body } = answerTo(asked);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
}, BUNDLING);
beforeEach(() => {
  server.asked.splice(0);
  vi.stubEnv('AWS_ENDPOINT_URL', `http://${server.host}`);
  vi.stubEnv('AWS_REGION', 'eu-west-1');
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  for (const [variable, value] of Object.entries(writeEnvironment('run', SETTINGS)))
    vi.stubEnv(variable, value);
});
afterEach(() => vi.unstubAllEnvs());
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

it('A runner catches errors of AWS by their classes in its tests', async () => {
  expect((await tryRunner(Catching)).messages).toEqual(CAUGHT);
});

it('A deployed runner catches errors of AWS by their classes', async () => {
  expect(await messagesOfRun('catching')).toEqual(CAUGHT);
});

it('A runner uses all of cron-parser in its tests', async () => {
  expect((await tryRunner(Iterating)).messages).toEqual(TIMES);
});

it('A deployed runner uses all of cron-parser', async () => {
  expect(await messagesOfRun('iterating')).toEqual(TIMES);
});

it('A deployed runner in the folder of a site runs for that site', async () => {
  expect(await messagesOfRun('greeting')).toEqual([GREETING]);
});

/** Invokes the bundled run Lambda for a cron that names the runner; returns the messages of the event at its end. */
async function messagesOfRun(runner: string): Promise<readonly string[]> {
  name = runner;
  const { handler } = await import(pathToFileURL(join(folder, 'run', 'index.mjs')).href);
  await handler(
    { site: 'default', uid: 'a', plannedAt: iso(systemClock.now()), forced: 'r1' },
    {
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:run',
      getRemainingTimeInMillis: () => 60_000,
    },
  );
  const events = server.asked
    .filter(({ headers }) => headers['x-amz-target'] === 'AWSEvents.PutEvents')
    .flatMap(({ body }) => JSON.parse(body).Entries);
  const end = events.find(({ DetailType }) => DetailType === 'FinishedCronJob');
  return JSON.parse(end.Detail).log.messages;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body: string;
}

/** Accepts the calls of cloudtab, and refuses those of the runner. */
function answerTo({ method, headers, body }: Asked): Answer {
  const notFound = { status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' };
  if (method === 'GET') return notFound;
  if (body.includes('Action=AssumeRole')) {
    const error = '<ErrorResponse><Error><Code>PackedPolicyTooLarge</Code></Error></ErrorResponse>';
    return { status: 400, headers: { 'content-type': 'text/xml' }, body: error };
  }
  switch (headers['x-amz-target']) {
    case 'AmazonSSM.GetParameter':
      return refusal('ParameterNotFound');
    case 'DynamoDB_20120810.TransactWriteItems':
      // cloudtab writes the job and the run record in one.
      if (body.includes('"TableName":"table"')) return { body: '{}' };
      return refusal('com.amazonaws.dynamodb.v20120810#TransactionCanceledException');
    case 'AWSEvents.DescribeRule':
      return refusal('ResourceNotFoundException');
    case 'AWSEvents.PutEvents':
      return { body: '{"FailedEntryCount":0,"Entries":[]}' };
    case 'DynamoDB_20120810.GetItem':
      // What runners may reach.
      return { body: '{"Item":{"limits":{"M":{}}}}' };
    case 'DynamoDB_20120810.BatchGetItem':
      return { body: JSON.stringify({ Responses: { table: [cronItem()] } }) };
    default:
      return { body: '{}' };
  }
}

function refusal(type: string): Answer {
  return { status: 400, body: JSON.stringify({ __type: type }) };
}

/** The cron as an item of the table, in DynamoDB's notation. */
function cronItem() {
  const value = cronOf({ uid: 'a', name }).fields();
  const item = projectionItem({ site: 'default', uid: 'a' }, { modified: 1, version: 1, value });
  return attributesOf(JSON.parse(JSON.stringify(item)));
}

function attributesOf(item: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(item).map(([key, value]) => [key, attributeOf(value)]));
}

function attributeOf(value: Json): Record<string, unknown> {
  if (typeof value === 'number') return { N: `${value}` };
  if (typeof value === 'boolean') return { BOOL: value };
  return isJsonObject(value) ? { M: attributesOf(value) } : { S: value };
}
