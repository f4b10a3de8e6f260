/** Restores a cron that was removed. */
import { withoutDefaults } from '../../core/domain/cron-fields.ts';
import { AlreadyExistsError, NotFoundError } from '../../core/domain/errors.ts';
import { describeKey } from '../../core/domain/names.ts';
import { type AddPorts, addCron } from './add-cron.ts';
import type { CronResult } from './operation-result.ts';

/**
 * Adds a removed cron again, with its last valid definition, which is kept for 90 days. Throws NotFoundError when there is
 * none, AlreadyExistsError if the cron was not removed, and the errors of `addCron`.
 */
export async function restoreCron(ports: AddPorts, site: string, uid: string): Promise<CronResult> {
  const { cron: removed } = await ports.store.read(site, uid);
  if (removed && removed.removedAt === undefined) throw new AlreadyExistsError(site, uid);
  if (!removed?.value) {
    throw new NotFoundError(
      `${describeKey({ site, uid })} was not removed within the last 90 days, so it cannot be restored.`,
    );
  }
  const options = { anyRunnerWhileOff: true, newSite: true };
  const { message, ...result } = await addCron(ports, site, withoutDefaults({ ...removed.value }), options);
  return { ...result, message: message.replace(/^Added/, 'Restored') };
}
