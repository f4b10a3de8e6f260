/**
 * The crontabs of a folder whose scheduler this process is. Its door is that of `cloudtab start`: commands and other programs
 * let this process do their calls.
 */
import { FolderScheduler, type SchedulerOptions } from '../../client/folder-scheduler.ts';
import type { OwnFolder } from '../../client/own-folder.ts';
import { once } from '../../core/domain/once.ts';
import type { Serving } from '../web/local-server.ts';
import { serveScheduler } from '../web/scheduler-server.ts';

/** Throws ConfigurationError if another process runs the crontab. */
export async function keepFolder(dir: string, options: SchedulerOptions): Promise<OwnFolder> {
  const scheduler = new FolderScheduler(dir, options);
  let server: Serving | undefined;
  const close = once(async () => {
    await server?.close();
    await scheduler.stop();
  });
  try {
    server = await serveScheduler(scheduler, 0);
    await scheduler.start(server.address);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...scheduler.client,
    subscribe: (listen) => scheduler.subscribe(listen),
    [Symbol.asyncDispose]: close,
  };
}
