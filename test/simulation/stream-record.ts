/** What the table's stream hands to the sync Lambda. */
import type { DynamoDBRecord } from 'aws-lambda';
import { SORT, TABLE } from '../../lib/aws/table.ts';
import type { ParameterKey } from '../../lib/domain/names.ts';

export function recordOf({ site, uid }: ParameterKey, sequence: string): DynamoDBRecord {
  const partition = uid === undefined ? site : `${site}/${uid}`;
  const sort = uid === undefined ? SORT.crontab : SORT.cron;
  return {
    dynamodb: {
      Keys: { [TABLE.partitionKey]: { S: partition }, [TABLE.sortKey]: { S: sort } },
      SequenceNumber: sequence,
    },
  };
}
