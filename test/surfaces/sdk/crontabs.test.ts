// cspell:ignore mycronjob
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ConfigurationError, ReadOnlyError } from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import { Crontabs, FolderCrontabs, openFolder, openStack } from '../../../lib/surfaces/sdk/crontabs.ts';
import { describedStack, runSettings } from '../../support/described-deployment.ts';
import { tempFolder } from '../../support/temp-folder.ts';

class MyCronJob extends Runner {
  static readonly summary = 'Logs foo.';
  async run() {
    this.log.info('foo');
  }
}

const opened: Crontabs[] = [];
async function open(dir: string, options = {}) {
  const crontabs = await openFolder(dir, { runners: { mycronjob: MyCronJob }, ...options });
  opened.push(crontabs);
  return crontabs;
}
afterEach(async () => {
  for (const crontabs of opened.splice(0)) await crontabs.close();
});

describe('openStack', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  const lambda = mockClient(LambdaClient);
  const dynamo = mockClient(DynamoDBDocumentClient);
  beforeEach(() => {
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    lambda.on(GetFunctionConfigurationCommand).resolves(runSettings());
    dynamo.on(GetCommand).resolves({});
  });
  afterEach(() => vi.unstubAllEnvs());
  // Other files of this process use the class.
  afterAll(() => dynamo.restore());

  it('The crontabs of a deployment have its name and the runners of its catalogue', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
    dynamo.on(GetCommand).resolves({ Item: { runners: [{ name: 'mycronjob', summary: 'Mine.' }] } });
    await using crontabs = await openStack('Cloudtab');
    expect(crontabs.name).toBe('the stack Cloudtab');
    expect((await crontabs.runners()).map(({ name }) => name)).toContain('mycronjob');
    expect(crontabs).not.toBeInstanceOf(FolderCrontabs);
  });

  it('The root chooses the deployment of a stack', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
    await using crontabs = await openStack('Shop', { root: 'the Root' });
    expect(crontabs.name).toBe('the root the Root of the stack Shop');
    await expect(openStack('Shop', { root: 'other' })).rejects.toThrow(
      'root "other" not found in the stack Shop.',
    );
  });

  it('Opening a missing deployment is refused', async () => {
    cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [] });
    await expect(openStack('Missing')).rejects.toThrow(ConfigurationError);
  });
});

describe('JobRunner and Queue manager: openFolder', () => {
  it('The crontabs of a folder can be created, saved, run and closed', async () => {
    const dir = join(tempFolder(), 'crons');
    const crontabs = await open(dir);
    expect(crontabs.name).toBe(dir);
    expect((await crontabs.runners()).map(({ name }) => name)).toContain('mycronjob');
    const crontab = await crontabs.load();
    const cron = crontab.add({ name: 'mycronjob', periodicity: '@daily' });
    await crontab.save();
    const run = await crontab.job(cron.uid).force();
    expect(await run.finished()).toMatchObject({ status: 'OK', runId: run.runId });
    expect(await crontabs.sites()).toEqual(['default']);
  });

  it('Crontabs that are opened without runners have only the built-in runners', async () => {
    await using crontabs = await openFolder(tempFolder());
    expect((await crontabs.runners()).map(({ name }) => name)).toEqual([
      'command',
      'heartbeat',
      'http',
      'lambda:<function>',
    ]);
  });

  it('A subscriber receives the events of the crontabs until it unsubscribes', async () => {
    await using crontabs = await openFolder(tempFolder());
    const received: Event[] = [];
    const unsubscribe = crontabs.subscribe((event) => void received.push(event));
    const crontab = await crontabs.load();
    crontab.add({ name: 'heartbeat', periodicity: '@daily', uid: 'a' });
    await crontab.save();
    expect(received.map(({ type }) => type)).toEqual(['ModifiedCrontab']);
    unsubscribe();
    crontab.remove('a');
    await crontab.save();
    expect(received).toHaveLength(1);
  });

  it('Only the crontabs of a folder have subscribe, since a deployment has a bus', () => {
    expect(Crontabs.prototype).not.toHaveProperty('subscribe');
    expect(FolderCrontabs.prototype).toHaveProperty('subscribe');
  });

  it('A program that keeps the crontabs running arms the crons that other processes save', async () => {
    const dir = tempFolder();
    const crontabs = await open(dir, { keep: true });
    const syncEvents: Event[] = [];
    crontabs.subscribe((event) => {
      if (event.type === 'CrontabSynchronisation') syncEvents.push(event);
    });
    const crontab = await crontabs.load();
    crontab.add({ name: 'mycronjob', periodicity: '@daily', uid: 'a' });
    await crontab.save();
    await vi.waitFor(() => expect(syncEvents).toMatchObject([{ detail: { uid: 'a' } }]), 5000);
    expect(await crontab.job('a').status()).toMatchObject({ present: true, pending: true });
    const otherCrontabs = await open(dir);
    const otherCrontab = await otherCrontabs.load();
    otherCrontab.add({ name: 'mycronjob', periodicity: '@hourly', uid: 'b' });
    await otherCrontab.save();
    await vi.waitFor(() => expect(syncEvents).toHaveLength(2), 5000);
  });
});

describe('a crontab that is loaded with readOnly', () => {
  it('Changes in memory are not saved, whatever its settings say, and a later load without it saves', async () => {
    const crontabs = await open(join(tempFolder(), 'crons'));
    const writable = await crontabs.load('shop');
    writable.add({ uid: 'a', name: 'heartbeat', periodicity: '@daily' });
    await writable.save();
    const crontab = await crontabs.load('shop', { readOnly: true });
    expect(crontab.byUid('a').site).toBe('shop');
    expect(crontab.readOnly).toBe(false);
    crontab.add({ uid: 'b', name: 'heartbeat', periodicity: '@daily' });
    crontab.activated = false;
    const refusal = { changed: false, readOnly: true };
    expect(await crontab.save()).toMatchObject(refusal);
    expect(await crontab.saveCron({ uid: 'b' })).toEqual({
      ...refusal,
      message: 'The crontab of "shop" was loaded with readOnly: nothing was saved.',
    });
    expect((await crontabs.load('shop')).dump()).toEqual(writable.dump());
  });

  it('The job of one of its crons shows logs and history, and deletes and restores nothing', async () => {
    const crontabs = await open(join(tempFolder(), 'crons'));
    const writable = await crontabs.load('shop');
    writable.add({ uid: 'a', name: 'heartbeat', periodicity: '@daily' });
    await writable.save();
    const job = (await crontabs.load('shop', { readOnly: true })).job('a');
    expect(await job.history()).toHaveLength(1);
    expect(await job.logs()).toEqual([]);
    await expect(job.deleteLogs()).rejects.toThrow(ReadOnlyError);
    await expect(job.restore(1)).rejects.toThrow(ReadOnlyError);
  });
});
