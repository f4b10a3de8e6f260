import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DynamoLimits, expireLimits, writeLimits } from '../../../lib/adapters/aws/dynamo-limits.ts';
import { DynamoTable } from '../../../lib/adapters/aws/dynamo-table.ts';
import { UnavailableError } from '../../../lib/core/domain/errors.ts';
import type { LimitsBySite } from '../../../lib/core/domain/site-limits.ts';
import { BusyClock } from '../../support/busy-clock.ts';
import { type Dynalite, startDynalite } from '../../support/dynalite.ts';

let dynalite: Dynalite;
let table: DynamoTable;
beforeAll(async () => {
  dynalite = await startDynalite();
  await dynalite.createTable('cloudtab');
  table = new DynamoTable(dynalite.client, 'cloudtab', new BusyClock(0));
});
afterAll(() => dynalite.close());

const LIMITS: LimitsBySite = {
  '*': { allowedHosts: ['api.example.com'], allowedFunctions: [] },
  shop: { allowedUsers: ['cron-*'], allowCommands: true },
};
const NOW = Date.UTC(2026, 2, 2);

const write = (limits = LIMITS, owner = 'stack Limits') => writeLimits(table, limits, owner);
const itemOf = async (sk: string) => {
  const command = new GetCommand({ TableName: 'cloudtab', Key: { pk: '#limits', sk } });
  return (await dynalite.client.send(command)).Item;
};

describe('DynamoLimits', () => {
  it('The limits are those that were written under their id', async () => {
    const id = await write();
    await write({});
    const limits = new DynamoLimits(table, id);
    await limits.load();
    expect(limits.bySite).toEqual(LIMITS);
    expect(await itemOf(id)).toEqual({ pk: '#limits', sk: id, limits: LIMITS });
  });

  it('The limits are read once', async () => {
    const limits = new DynamoLimits(table, await write());
    const send = vi.spyOn(dynalite.client, 'send');
    await limits.load();
    await limits.load();
    expect(send).toHaveBeenCalledOnce();
    send.mockRestore();
  });

  it('Limits that were not loaded are not empty, but an error', async () => {
    const limits = new DynamoLimits(table, await write());
    expect(() => limits.bySite).toThrow(UnavailableError);
  });

  it('Limits that do not exist are an error with the fix, and are read again', async () => {
    const limits = new DynamoLimits(table, 'unknown');
    const error = new UnavailableError(
      'Cannot read the limits of runners from the table cloudtab: the item #limits unknown does not exist. ' +
        'Change the limits and deploy: a deployment writes them when they change.',
    );
    await expect(limits.load()).rejects.toThrow(error);
    const Item = { pk: '#limits', sk: 'unknown', limits: LIMITS };
    await dynalite.client.send(new PutCommand({ TableName: 'cloudtab', Item }));
    await limits.load();
    expect(limits.bySite).toEqual(LIMITS);
  });

  it.each([
    ['no limits', {}],
    ['a list', { limits: [] }],
    ['a text instead of a list of hosts', { limits: { shop: { allowedHosts: '*' } } }],
    ['a text instead of a boolean', { limits: { shop: { allowCommands: 'false' } } }],
  ])('An item with %s is an error', async (_, fields) => {
    const Item = { pk: '#limits', sk: 'invalid', ...fields };
    await dynalite.client.send(new PutCommand({ TableName: 'cloudtab', Item }));
    await expect(new DynamoLimits(table, 'invalid').load()).rejects.toThrow('is not valid');
  });

  it('Limits with 90 KB of text fit into an item', async () => {
    const allowedHosts = Array.from({ length: 3_000 }, (_, number) => `host-${number}.example.com`);
    const limits = { shop: { allowedHosts } };
    const read = new DynamoLimits(table, await write(limits));
    await read.load();
    expect(read.bySite).toEqual(limits);
  });
});

describe('writeLimits', () => {
  it('The id is the same for the same limits, and another one for others or another owner', async () => {
    const id = await write();
    expect(await write()).toBe(id);
    expect(await write({ ...LIMITS, shop: {} })).not.toBe(id);
    expect(await write(LIMITS, 'other Limits')).not.toBe(id);
  });
});

describe('expireLimits', () => {
  it('Replaced limits expire in 30 days, unless a deployment uses them again', async () => {
    const id = await write();
    await expireLimits(table, id, { now: () => NOW });
    expect(await itemOf(id)).toMatchObject({ limits: LIMITS, expires: NOW / 1000 + 30 * 86_400 });
    await write();
    expect(await itemOf(id)).not.toHaveProperty('expires');
  });

  it('Limits that do not exist are left alone', async () => {
    await expireLimits(table, 'Limits', { now: () => NOW });
    expect(await itemOf('Limits')).toBeUndefined();
  });
});
