// cspell:ignore mycronjob
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  AlreadyExistsError,
  ConfigurationError,
  ForbiddenError,
  NotFoundError,
  ReadOnlyError,
} from '../../../lib/core/domain/errors.ts';
import type { Event } from '../../../lib/core/domain/event.ts';
import { Runner } from '../../../lib/runners/runner.ts';
import {
  Crontabs,
  FolderCrontabs,
  openFolder,
  openStack,
  openUrl,
} from '../../../lib/surfaces/sdk/crontabs.ts';
import { describedStack } from '../../support/described-deployment.ts';
import { answerAtFunctionUrl, FUNCTION_URL, type FunctionUrl } from '../../support/function-url.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { makeWorld, type World } from '../../support/world.ts';

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

describe('the crontabs of a deployment', () => {
  const cloudFormation = mockClient(CloudFormationClient);
  let world: World;
  let url: FunctionUrl;
  beforeEach(() => {
    world = makeWorld();
    const runners = [{ name: 'mycronjob', summary: 'Mine.' }];
    url = answerAtFunctionUrl({
      ...world.ports,
      catalogue: { read: async () => ({ runners, limits: {} }) },
    });
    cloudFormation.reset();
    cloudFormation.on(DescribeStacksCommand).resolves(describedStack());
  });
  afterEach(() => {
    world.close();
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });

  it('The crontabs of a deployment have its name and the runners of its catalogue', async () => {
    await using crontabs = await openStack('Cloudtab');
    expect(crontabs.name).toBe('the stack Cloudtab');
    expect((await crontabs.runners()).map(({ name }) => name)).toContain('mycronjob');
    expect(crontabs).not.toBeInstanceOf(FolderCrontabs);
  });

  it('A program loads, saves, forces and reads the crons of a deployment by its URL alone', async () => {
    await using crontabs = await openUrl(FUNCTION_URL);
    expect(await crontabs.sites()).toEqual(['default']);
    expect(await crontabs.secretNames()).toEqual([]);
    const crontab = await crontabs.load();
    expect(() => crontab.add({ name: 'task', periodicity: '@daily' })).toThrow(
      'name: got "task", wanted the name of a runner',
    );
    crontab.add({ uid: 'b', name: 'heartbeat', periodicity: '@daily' });
    expect(await crontab.save()).toMatchObject({ changed: true });
    expect((await crontabs.load()).byUid('b').similar(crontab.byUid('b'))).toBe(true);
    const job = crontab.job('b');
    expect(await job.status()).toMatchObject({ present: true, running: false });
    const deliver = vi.spyOn(world.ports.queue, 'deliver');
    const { runId } = await job.force();
    expect(deliver.mock.calls).toMatchObject([[{ uid: 'b', forced: runId, requestedBy: url.caller }]]);
    expect(await job.history()).toMatchObject([{ version: 1, author: url.caller }]);
    expect(cloudFormation.calls()).toHaveLength(0);
  });

  it('What the deployment refuses is thrown as the error of the operation', async () => {
    await using crontabs = await openUrl(FUNCTION_URL);
    const [mine, theirs] = [await crontabs.load(), await crontabs.load()];
    mine.add({ uid: 'a', name: 'heartbeat', periodicity: '@daily' });
    theirs.add({ uid: 'a', name: 'heartbeat', periodicity: '@hourly' });
    await mine.save();
    await expect(theirs.save()).rejects.toThrow(new AlreadyExistsError('default', 'a'));
    const [one, other] = [await crontabs.load(), await crontabs.load()];
    one.edit('a', { timeout: 60 });
    other.edit('a', { timeout: 90 });
    await one.save();
    await expect(other.save()).rejects.toMatchObject({
      name: 'VersionConflictError',
      changes: [{ field: 'timeout', kind: 'set' }],
      tag: expect.any(String),
    });
    await expect(one.job('gone').status()).rejects.toThrow(NotFoundError);
    url.grants.push({ principal: url.caller, role: 'viewer' });
    await expect(one.job('a').force()).rejects.toThrow(ForbiddenError);
  });

  it('An address that is no URL is refused', async () => {
    await expect(openUrl('Cloudtab')).rejects.toThrow('--url: got "Cloudtab", wanted the function URL');
  });

  it('The root chooses the deployment of a stack', async () => {
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
