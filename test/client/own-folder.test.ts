import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { acquireLock } from '../../lib/adapters/local/instance-lock.ts';
import { FolderScheduler, SCHEDULER_PATHS } from '../../lib/client/folder-scheduler.ts';
import { type OwnFolder, openOwnFolder } from '../../lib/client/own-folder.ts';
import { quietLogger } from '../../lib/client/quiet-logger.ts';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import { makeApp } from '../../lib/surfaces/web/app.ts';
import { serve } from '../../lib/surfaces/web/local-server.ts';
import { withSchedulerRoutes } from '../../lib/surfaces/web/scheduler-routes.ts';
import { knownFolder } from '../support/known-folder.ts';

const DAILY = { name: 'heartbeat', periodicity: '@daily' };
/** A process that lives, and is not this one. */
const OTHER = process.ppid;
const SITE = { site: 'default' };

let dir: string;
beforeEach(() => {
  dir = knownFolder();
});

async function open(): Promise<{ readonly folder: OwnFolder; readonly received: Event[] }> {
  const folder = await openOwnFolder(dir, { logger: quietLogger });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const received: Event[] = [];
  folder.subscribe((event) => void received.push(event));
  return { folder, received };
}

/** A scheduler that looks as if it ran in another process. */
async function start() {
  const scheduler = new FolderScheduler(dir, {
    logger: quietLogger,
    runnerFolder: 'none',
    retentionDays: undefined,
  });
  const announced: Event[] = [];
  scheduler.subscribe((event) => announced.push(event));
  await scheduler.start(() => undefined);
  const ending = new AbortController();
  const app = withSchedulerRoutes(makeApp(scheduler.calls), SCHEDULER_PATHS, {
    deliver: (delivery) => scheduler.deliver(delivery),
    announce: (event) => scheduler.announce(event as Event),
    subscribe: (listen) => scheduler.subscribe(listen),
    ending: ending.signal,
  });
  const server = await serve(app, { token: () => scheduler.door.token(), port: 0 });
  const close = new FolderDoor(dir).open({ address: server.address, version: '0.1.0', pid: OTHER });
  const stop = async () => {
    close();
    ending.abort();
    await server.close();
    await scheduler.stop();
  };
  return { scheduler, announced, stop };
}

const typesOf = (events: readonly Event[]) => events.map(({ type }) => type);

describe('the folder of a program', () => {
  it('A scheduler that runs does every call, and the program receives what it announces', async () => {
    const { announced, stop } = await start();
    onTestFinished(stop);
    const { folder, received } = await open();
    expect(folder.note).toBeUndefined();
    await folder.call('addCron', SITE, { uid: 'a', ...DAILY });
    await folder.call('runCron', { ...SITE, uid: 'a' }, {});
    await expect.poll(() => typesOf(received)).toContain('FinishedCronJob');
    expect(typesOf(received).filter((type) => type !== 'CrontabSynchronisation')).toEqual([
      'ModifiedCrontab',
      'StartedCronJob',
      'FinishedCronJob',
    ]);
    expect(announced.slice(-received.length)).toEqual(received);
    expect((await folder.runners()).describe().map(({ name }) => name)).toContain('heartbeat');
  });

  it('A scheduler that starts later does the calls from then on, and this process those after its end', async () => {
    const { folder, received } = await open();
    expect(folder.note).toContain('The scheduler is not running.');
    await folder.call('addCron', SITE, { uid: 'a', ...DAILY });
    expect(typesOf(received)).toEqual(['ModifiedCrontab']);
    const { announced, stop } = await start();
    await folder.call('editCron', { ...SITE, uid: 'a' }, { logsLimit: 3 });
    await expect.poll(() => typesOf(announced)).toContain('ModifiedCrontab');
    await expect.poll(() => typesOf(received).filter((type) => type === 'ModifiedCrontab')).toHaveLength(2);
    await stop();
    await folder.call('editCron', { ...SITE, uid: 'a' }, { logsLimit: 4 });
    expect(typesOf(received).filter((type) => type === 'ModifiedCrontab')).toHaveLength(3);
  });

  it('A program that only listens receives the events of a scheduler that starts later', async () => {
    const { received } = await open();
    const { scheduler, stop } = await start();
    onTestFinished(stop);
    const event: Event = { type: 'ServerRestart', detail: { sites: ['default'] } };
    const isReceived = async () => {
      await scheduler.announce(event);
      return typesOf(received).includes('ServerRestart');
    };
    await expect.poll(isReceived, { timeout: 10_000 }).toBe(true);
  });

  it('Beside a scheduler that does not answer, a program that listens reads, and changes nothing', async () => {
    onTestFinished(new FolderDoor(dir).open({ address: 'http://127.0.0.1:9', version: '0.1.0', pid: OTHER }));
    onTestFinished(acquireLock(folderOf(dir).pid, OTHER));
    const { folder } = await open();
    expect((await folder.call('siteNames', {}, {})).items).toEqual(['default']);
    await expect(folder.call('addCron', SITE, { uid: 'a', ...DAILY })).rejects.toThrow(UnavailableError);
  });
});
