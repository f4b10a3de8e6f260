/** The client of a folder whose crontab another process runs. */
import { folderNames } from '../adapters/local/folder.ts';
import type { Door } from '../adapters/local/folder-door.ts';
import { postTo } from '../adapters/local/scheduler-client.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { UnavailableError } from '../core/domain/errors.ts';
import type { Client } from './client.ts';
import { remoteCall } from './remote-call.ts';
import { remoteClient } from './remote-client.ts';

export function schedulerClient(dir: string, door: Door): Client {
  const call = remoteCall({
    wire: (path, json) => postTo(door, path, json),
    where: `the scheduler, process ${door.pid}, at ${door.address}`,
    clock: systemClock,
    outdated: `The scheduler, process ${door.pid}, is of another version: stop "cloudtab start" and start it again.`,
    explain: ({ status }) =>
      new UnavailableError(
        `The scheduler, process ${door.pid}, answered with status ${status}. Start it again.`,
      ),
  });
  return remoteClient({ ...folderNames(dir), call, folder: dir });
}
