import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DynamoAccess, writeGrants } from '../../../lib/adapters/aws/dynamo-access.ts';
import { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import type { Grant } from '../../../lib/core/domain/access.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

let dynalite: Dynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
  await dynalite.createTable('cloudtab');
});
afterAll(() => dynalite.close());

const KEY = { pk: '#access', sk: '#access' };
const OPS: Grant = { principal: 'arn:aws:iam::123456789012:role/ops', role: 'editor', sites: ['shop'] };
const ALL: Grant = { principal: '*', role: 'viewer' };

let now = 0;
const tableOf = (name: string) => new DynamoTable(dynalite.client, name, new BusyClock(0));
const open = (table = 'cloudtab') => new DynamoAccess(tableOf(table), { now: () => now });
const replace = (grants: readonly Grant[]) => writeGrants(tableOf('cloudtab'), grants);
const put = (Item: object) =>
  dynalite.client.send(new PutCommand({ TableName: 'cloudtab', Item: { ...KEY, ...Item } }));

describe('DynamoAccess', () => {
  it('The roles cannot be read before they were written', async () => {
    await expect(open().grants()).rejects.toThrow(
      new UnavailableError(
        'Cannot read the roles from the table cloudtab: the deployment has not been finished. Deploy again.',
      ),
    );
  });

  it('The roles are those that were written last, also when there are none any more', async () => {
    await replace([OPS, ALL]);
    expect(await open().grants()).toEqual([OPS, ALL]);
    await replace([]);
    expect(await open().grants()).toEqual([]);
  });

  it('The item of the roles is readable in the console', async () => {
    await replace([OPS, ALL]);
    const { Item } = await dynalite.client.send(new GetCommand({ TableName: 'cloudtab', Key: KEY }));
    expect(Item).toEqual({ ...KEY, grants: [OPS, ALL] });
  });

  it('The roles are read at most every five seconds', async () => {
    const access = open();
    await replace([OPS]);
    const send = vi.spyOn(dynalite.client, 'send');
    for (now of [0, 4_999]) expect(await access.grants()).toEqual([OPS]);
    expect(send).toHaveBeenCalledOnce();
    send.mockRestore();
    await replace([ALL]);
    now = 5_000;
    expect(await access.grants()).toEqual([ALL]);
  });

  it('Roles that were read do not count any longer when the table cannot be read again', async () => {
    const access = open();
    await replace([OPS]);
    await access.grants();
    now += 5_000;
    const send = vi.spyOn(dynalite.client, 'send').mockImplementationOnce(() => {
      throw new Error('no network');
    });
    await expect(access.grants()).rejects.toThrow(UnavailableError);
    send.mockRestore();
    expect(await access.grants()).toEqual([OPS]);
  });

  it.each([
    ['no list', {}],
    ['an unknown role', { grants: [{ principal: '*', role: 'owner' }] }],
    ['a list of sites that is empty', { grants: [{ principal: '*', role: 'viewer', sites: [] }] }],
  ])('An item with %s gives no caller a role', async (_, item) => {
    await put(item);
    await expect(open().grants()).rejects.toThrow(
      /^Cannot read the roles from the table cloudtab: access.* Deploy again\.$/,
    );
  });

  it('A table that does not exist gives no caller a role', async () => {
    await expect(open('unknown').grants()).rejects.toThrow(UnavailableError);
  });
});
