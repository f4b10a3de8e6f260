import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, test } from 'vitest';
import { DynamoStore } from '../../../lib/adapters/aws/dynamo-store.ts';
import { jobOf, KEY, MINUTE, NOW, recordOf, saved } from '../../contracts/store-subjects.ts';
import { awsError } from '../../support/aws-error.ts';
import { BusyClock } from '../../support/busy-clock.ts';

const PAGE = { limit: 10 };

describe('DynamoStore, consistency', () => {
  test.each<[string, boolean, (store: DynamoStore) => Promise<unknown>]>([
    ['read', true, (s) => s.read('site', 'a')],
    ['readJob', true, (s) => s.readJob('site', 'a')],
    ['readProjection', true, (s) => s.readProjection(KEY)],
    ['readRecord', true, (s) => s.readRecord('site', 'a', '1')],
    ['readSite', false, (s) => s.readSite('site')],
    ['sites', false, (s) => s.sites()],
    ['records', false, (s) => s.records('site', 'a', PAGE)],
  ])('The read of DynamoStore.%s has ConsistentRead: %s', async (_, isConsistent, call) => {
    const { store, mock } = mocked();
    mock.on(BatchGetCommand).resolves({ Responses: { table: [] } });
    mock.on(GetCommand).resolves({});
    mock.on(QueryCommand).resolves({});
    mock.on(PutCommand).resolves({});
    await call(store);
    const input: unknown = mock.calls()[0]?.args[0].input;
    const text = JSON.stringify(input);
    expect(text.includes('"ConsistentRead":true')).toBe(isConsistent);
  });
});

function mocked() {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({ region: 'us-east-1' }));
  const mock = mockClient(client);
  const clock = new BusyClock(NOW);
  const store = new DynamoStore({ client, table: 'table', clock, retentionDays: 90 });
  return { store, mock, clock };
}

describe('DynamoStore, when DynamoDB fails', () => {
  const keys = [
    { pk: 'site', sk: 'crontab' },
    { pk: 'site', sk: 'cron#a' },
    { pk: 'site', sk: 'cron#a#job' },
  ];
  const { site: _site, uid: _uid, ...fields } = jobOf('a', 'one');
  const job = { pk: 'site', sk: 'cron#a#job', ...fields };

  test('DynamoStore.read requests the unprocessed keys again, with exponential backoff', async () => {
    const { store, mock, clock } = mocked();
    mock
      .on(BatchGetCommand)
      .resolvesOnce({ UnprocessedKeys: { table: { Keys: keys } } })
      .resolvesOnce({ Responses: { table: [] }, UnprocessedKeys: { table: { Keys: keys.slice(2) } } })
      .resolvesOnce({ Responses: { table: [job] }, UnprocessedKeys: {} });
    expect(await store.read('site', 'a')).toEqual({ job: jobOf('a', 'one') });
    expect(mock.calls().map((call) => call.args[0].input)).toEqual([
      { RequestItems: { table: { Keys: keys, ConsistentRead: true } } },
      { RequestItems: { table: { Keys: keys, ConsistentRead: true } } },
      { RequestItems: { table: { Keys: keys.slice(2), ConsistentRead: true } } },
    ]);
    expect(clock.pauses).toEqual([50, 100]);
  });

  test('DynamoStore.read gives up when keys stay unprocessed for six attempts', async () => {
    const { store, mock, clock } = mocked();
    mock.on(BatchGetCommand).resolves({ UnprocessedKeys: { table: { Keys: keys.slice(1) } } });
    await expect(store.read('site', 'a')).rejects.toThrow(
      'Cannot read site/a from the table table: DynamoDB left out 2 of 3 items 6 times. ' +
        'AWS asks for fewer calls: try again later.',
    );
    expect(clock.pauses).toEqual([50, 100, 200, 400, 800]);
  });

  const own = { token: { S: 'two' } };
  const failed = (Item?: object) => ({ Code: 'ConditionalCheckFailed', ...(Item && { Item }) });
  const none = { Code: 'None' };

  test('A commit without records succeeds if the SDK repeated a write whose response was lost', async () => {
    const { store, mock } = mocked();
    mock.on(PutCommand).rejects(awsError('ConditionalCheckFailedException', '', { Item: own }));
    expect(await store.commit(jobOf('a', 'two'), 'one', [])).toBe(true);
    expect(await store.commit(jobOf('a', 'three'), 'one', [])).toBe(false);
    expect(mock.calls()[0]?.args[0].input).toMatchObject({
      Item: { token: 'two' },
      ConditionExpression: '#token = :token',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  test('A commit with records succeeds if its job is already stored', async () => {
    const { store, mock } = mocked();
    const canceled = (...CancellationReasons: object[]) =>
      awsError('TransactionCanceledException', '', { CancellationReasons });
    mock
      .on(TransactWriteCommand)
      .rejectsOnce(canceled(none, failed(), none))
      .rejectsOnce(canceled(failed(own), none))
      .rejectsOnce(canceled(failed({ token: { S: 'other' } }), none));
    const records = [recordOf(NOW), recordOf(NOW + MINUTE)];
    expect(await store.commit(jobOf('a', 'two'), 'one', records)).toBe(true);
    expect(await store.commit(jobOf('a', 'two'), 'one', records)).toBe(false);
    const inputs = mock.commandCalls(TransactWriteCommand).map((call) => call.args[0].input);
    expect(inputs.map(({ TransactItems }) => TransactItems?.length)).toEqual([3, 2, 3]);
  });

  test('A transaction that is cancelled for another reason than a condition is unavailable, and nothing is left out', async () => {
    const { store, mock } = mocked();
    const CancellationReasons = [none, { Code: 'TransactionConflict' }];
    mock
      .on(TransactWriteCommand)
      .rejects(awsError('TransactionCanceledException', '', { CancellationReasons }));
    await expect(store.commit(jobOf('a', 'two'), 'one', [recordOf(NOW)])).rejects.toMatchObject({
      name: 'UnavailableError',
      message:
        'Cannot write the job of site/a to the table table: the transaction was cancelled (None, TransactionConflict). Try again.',
    });
    expect(mock.calls()).toHaveLength(1);
  });

  test.each([
    ['read site/a from', (s: DynamoStore) => s.read('site', 'a')],
    ['read the job of site/a from', (s: DynamoStore) => s.readJob('site', 'a')],
    ['read the projection of site/crontab from', (s: DynamoStore) => s.readProjection({ site: 'site' })],
    ['read the site site from', (s: DynamoStore) => s.readSite('site')],
    ['list the sites of', (s: DynamoStore) => s.sites()],
    ['note the site site in', (s: DynamoStore) => s.putProjection(KEY, saved('a'))],
    ['write the job of site/a to', (s: DynamoStore) => s.commit(jobOf('a', 'one'), undefined, [])],
    [
      'write the job of site/a to',
      (s: DynamoStore) => s.commit(jobOf('a', 'one'), undefined, [recordOf(NOW)]),
    ],
    ['list the run records (records site/a) of', (s: DynamoStore) => s.records('site', 'a', PAGE)],
    ['list the run records (activity site) of', (s: DynamoStore) => s.activity('site', PAGE)],
    ['list the run records (attention) of', (s: DynamoStore) => s.attention(PAGE)],
    ['read the run record 1 of site/a from', (s: DynamoStore) => s.readRecord('site', 'a', '1')],
    ['delete the run record 1 of site/a from', (s: DynamoStore) => s.deleteRecords('site', 'a', ['1'])],
  ])('DynamoStore throws an UnavailableError when it cannot %s the table', async (task, call) => {
    const { store, mock } = mocked();
    const cause = awsError('ResourceNotFoundException', 'no table');
    mock.onAnyCommand().rejects(cause);
    await expect(call(store)).rejects.toMatchObject({
      name: 'UnavailableError',
      message: expect.stringContaining(`Cannot ${task} the table table: `),
      cause,
    });
  });
});
