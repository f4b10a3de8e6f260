/** The least that a Lambda on DynamoDB loads: bundles.ts compares the bundles of cloudtab with it. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export function handler() {
  return client.send(new GetCommand({ TableName: 'table', Key: { pk: 'a', sk: 'b' } }));
}
