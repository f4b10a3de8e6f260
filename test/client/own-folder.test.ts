import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { folderOf } from '../../lib/adapters/local/folder.ts';
import { FolderDoor } from '../../lib/adapters/local/folder-door.ts';
import { acquireLock } from '../../lib/adapters/local/instance-lock.ts';
import { finishedRun } from '../../lib/client/finished-run.ts';
import { type OwnFolder, openOwnFolder } from '../../lib/client/own-folder.ts';
import { quietLogger } from '../../lib/client/quiet-logger.ts';
import { UnavailableError } from '../../lib/core/domain/errors.ts';
import type { Event } from '../../lib/core/domain/event.ts';
import { Runner } from '../../lib/runners/runner.ts';
import { openFolder } from '../../lib/surfaces/sdk/crontabs.ts';
import { knownFolder } from '../support/known-folder.ts';

const DAILY = { name: 'heartbeat', periodicity: '@daily' };
/** A process that lives, and is not this one. */
const OTHER = process.ppid;
const SITE = { site: 'default' };

class Mine extends Runner {
  async run() {
    this.log.info('a line of its output');
    return ['of the program'];
  }
}

let dir: string;
beforeEach(() => {
  dir = knownFolder();
});

async function open(runners = {}): Promise<{ readonly folder: OwnFolder; readonly received: Event[] }> {
  const folder = await openOwnFolder(dir, { logger: quietLogger, runners });
  onTestFinished(() => folder[Symbol.asyncDispose]());
  const received: Event[] = [];
  folder.subscribe((event) => void received.push(event));
  return { folder, received };
}

/** The scheduler of another program. */
async function start() {
  const scheduler = await openFolder(dir, { keep: true });
  const announced: Event[] = [];
  scheduler.subscribe((event) => void announced.push(event));
  return { announced, stop: () => scheduler.close() };
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

  it('The runners of a program are used while no scheduler runs, and a scheduler that does not know them refuses them', async () => {
    const { folder } = await open({ mine: Mine });
    await folder.call('addCron', SITE, { uid: 'a', ...DAILY, name: 'mine' });
    const key = { ...SITE, uid: 'a' };
    const run = await folder.call('runCron', key, {});
    expect((await finishedRun(folder, key, run)).messages).toEqual(['of the program']);
    const { lines } = await folder.call('readOutput', key, { id: run.logId });
    expect(lines.map(({ message }) => message)).toContain('a line of its output');
    const { stop } = await start();
    onTestFinished(stop);
    await expect(folder.call('addCron', SITE, { uid: 'b', ...DAILY, name: 'mine' })).rejects.toMatchObject({
      problems: [
        { where: 'name', got: '"mine"', fix: 'Add a file of that name to your runners, or choose another.' },
      ],
    });
    expect((await folder.runners()).describe().map(({ name }) => name)).not.toContain('mine');
  });

  it('A program that only listens receives the events of a scheduler that starts later', async () => {
    const { received } = await open();
    const { stop } = await start();
    onTestFinished(stop);
    await using other = await openOwnFolder(dir, { logger: quietLogger });
    let number = 0;
    const isReceived = async () => {
      await other.call('addCron', SITE, { uid: `a${number++}`, ...DAILY });
      return typesOf(received).includes('ModifiedCrontab');
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
