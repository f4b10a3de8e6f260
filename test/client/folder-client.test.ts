import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { acquireLock } from '../../lib/adapters/local/instance-lock.ts';
import { localTime } from '../../lib/app/operations/local-time.ts';
import type { Client } from '../../lib/client/client.ts';
import { openFolderClient } from '../../lib/client/folder-client.ts';
import { FolderScheduler } from '../../lib/client/folder-scheduler.ts';
import { quietLogger } from '../../lib/client/quiet-logger.ts';
import { schedulerClient } from '../../lib/client/scheduler-client.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { serveScheduler } from '../../lib/surfaces/web/scheduler-server.ts';
import { knownFolder } from '../support/known-folder.ts';

const DAILY = { name: 'heartbeat', periodicity: '@daily' };
/** A process that lives, and is not this one. */
const OTHER = process.ppid;

let dir: string;
beforeEach(() => {
  dir = knownFolder();
});

async function open(): Promise<Client> {
  const client = await openFolderClient(dir);
  onTestFinished(() => client[Symbol.asyncDispose]());
  return client;
}

/** Lets the folder look as if the scheduler of another process answered at the address. */
function publish(address: string): FolderDoor {
  const door = new FolderDoor(dir);
  onTestFinished(acquireLock(folderOf(dir).pid, OTHER));
  onTestFinished(door.open({ address, version: '0.1.0', pid: OTHER }));
  return door;
}

describe('the client of a folder', () => {
  it('Without a scheduler this process does the calls, and says so', async () => {
    const client = await open();
    expect(client.note).toContain('The scheduler is not running.');
    await client.call('addCron', { site: 'default' }, { uid: 'a', ...DAILY });
    expect((await client.call('readCron', { site: 'default', uid: 'a' })).health).toBe('new');
    expect((await client.runners()).describe().map(({ name }) => name)).toContain('heartbeat');
  });

  it('A scheduler that runs does every call, and announces what changes', async () => {
    const scheduler = new FolderScheduler(dir, {
      logger: quietLogger,
      runnerFolder: 'none',
      retentionDays: undefined,
    });
    onTestFinished(() => scheduler.stop());
    const events: Event['type'][] = [];
    scheduler.subscribe(({ type }) => events.push(type));
    const server = await serveScheduler(scheduler, 0);
    onTestFinished(() => server.close());
    await scheduler.start(server.address);
    const door = { token: scheduler.door.token(), version: '0.1.0', pid: OTHER };
    const client = schedulerClient(dir, { ...door, address: server.address });
    expect(client).toMatchObject({ name: dir, title: `folder ${dir}`, option: `--dir ${dir}` });
    expect(client.note).toBeUndefined();
    await client.call('addCron', { site: 'default' }, { uid: 'a', ...DAILY });
    await expect.poll(() => events).toContain('ModifiedCrontab');
    const url = { url: 'http://localhost:8080' };
    const [refused] = (await client.runners()).problems({ name: 'http', environ: url }, 'default');
    expect(refused?.fix).toContain(`Run: cloudtab allow http://localhost:8080 --site default --dir ${dir}`);
    expect((await client.runners()).problems({ name: 'none', environ: {} }, 'default')).toMatchObject([
      { where: 'name' },
    ]);
    await expect(client.call('readCron', { site: 'default', uid: 'b' })).rejects.toThrow(
      'cron "b" not found',
    );
    await client.pause(1);
    expect(Math.abs(client.now() - Date.now())).toBeLessThan(60_000);
    const { runId } = await client.call('runCron', { site: 'default', uid: 'a' }, {});
    const beside = await openFolderClient(dir);
    onTestFinished(() => beside[Symbol.asyncDispose]());
    const { job, logs } = await beside.call('readCron', { site: 'default', uid: 'a' });
    expect([...job.runs, ...logs].map((run) => run.runId)).toEqual([runId]);
  });

  it('Beside a scheduler that does not answer, reads go on with a note, and changes fail with its process', async () => {
    await (await open()).call('addCron', { site: 'default' }, { uid: 'a', ...DAILY });
    publish('http://127.0.0.1:9');
    const client = await open();
    expect(client.note).toBe(
      `The scheduler of this folder, process ${OTHER}, does not answer. This is what it stored last.`,
    );
    expect((await client.call('readCron', { site: 'default', uid: 'a' })).health).toBe('new');
    await expect(async () => client.call('removeCron', { site: 'default', uid: 'a' })).rejects.toThrow(
      `process ${OTHER}, does not answer. Nothing was changed. Try again, or stop it with "kill ${OTHER}"`,
    );
  });

  it('Beside a scheduler that waits for its last runs, changes fail with these and how long they may last', async () => {
    const run = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let count = 0;
    class SlowRunner extends Runner {
      override async run(): Promise<void> {
        count += 1;
        if (count === 2) begun.resolve();
        await run.promise;
      }
    }
    const scheduler = new FolderScheduler(dir, {
      logger: quietLogger,
      runners: { slow: SlowRunner },
      retentionDays: undefined,
    });
    await scheduler.start('http://127.0.0.1:9');
    const { call } = scheduler.client;
    for (const [uid, timeout] of Object.entries({ a: 60, b: 600 })) {
      const cron = { uid, name: 'slow', periodicity: '@daily', timeout };
      await call('addCron', { site: 'default' }, cron);
      await call('runCron', { site: 'default', uid }, {});
    }
    await begun.promise;
    const { runs } = await call('readAllRuns', {}, { status: 'RUNNING' });
    const start = runs.find(({ uid }) => uid === 'b')?.startedAt ?? Number.NaN;
    const end = localTime(start + 600_000, 'UTC');
    const stopped = scheduler.stop();
    const beside = await open();
    expect(beside.note).toMatch(/ This is what it stored last\.$/);
    await expect(async () => beside.call('removeCron', { site: 'default', uid: 'a' })).rejects.toThrow(
      new RegExp(
        `^The scheduler of this folder, process ${process.pid}, is stopping: it waits for default/[ab], default/[ab], at the latest ` +
          `until ${end}\\. Nothing was changed\\. Start it again when it has ended, or stop it with "kill ${process.pid}" now\\.$`,
      ),
    );
    run.resolve();
    await stopped;
    expect((await open()).note).toContain('The scheduler is not running.');
  });

  it('A call waits for a scheduler that has begun and does not yet say where it answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    onTestFinished(acquireLock(folderOf(dir).pid, OTHER));
    const opened = openFolderClient(dir);
    await vi.advanceTimersByTimeAsync(60);
    const door = { address: 'http://127.0.0.1:9', version: '0.1.0', pid: OTHER };
    onTestFinished(new FolderDoor(dir).open(door));
    await vi.advanceTimersByTimeAsync(60);
    expect((await opened).note).toContain(`The scheduler of this folder, process ${OTHER}, does not answer.`);
  });

  it('A process that holds the folder and never says where it answers stops changes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'Date'] });
    onTestFinished(() => void vi.useRealTimers());
    onTestFinished(acquireLock(folderOf(dir).pid, 0));
    const opened = openFolderClient(dir);
    await vi.advanceTimersByTimeAsync(2_100);
    const { note, call } = await opened;
    expect(note).toContain('The scheduler of this folder does not answer.');
    await expect(async () => call('removeCron', { site: 'default', uid: 'a' })).rejects.toThrow(
      'Nothing was changed. Try again, or stop it and start it again.',
    );
  });

  it('A scheduler of another kind of answers is named', async () => {
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/health' ? 200 : 500;
      response.end('What?');
    }).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    publish(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { call } = await open();
    await expect(call('siteNames', {}, {})).rejects.toThrow(
      `The scheduler, process ${OTHER}, answered with status 500. Start it again.`,
    );
  });
});
