/** Applies one operation to several crons of a site. A refusal for one cron does not stop the others. */
import type { AddPorts } from './add-cron.ts';
import { each } from './each.ts';
import { type ForcePorts, forceRun } from './force-run.ts';
import type { BulkResult } from './operation-result.ts';
import { removeCron } from './remove-cron.ts';
import { restoreCron } from './restore-cron.ts';
import { type SavePorts, withoutNote } from './save.ts';
import { type Power, switchCron } from './switch-cron.ts';

/** Removes the crons of these uids. */
export function removeCrons(ports: SavePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(uids, { clock: ports.clock, verb: 'Removed' }, (uid) => removeCron(ports, site, uid));
}

/** Adds removed crons of these uids again, each with its last valid definition. The message of one says when it runs next. */
export async function restoreCrons(
  ports: AddPorts,
  site: string,
  uids: readonly string[],
): Promise<BulkResult> {
  let message: string | undefined;
  const result = await each(uids, { clock: ports.clock, verb: 'Restored' }, async (uid) => {
    const one = await restoreCron(ports, site, uid);
    message = one.message;
    return one;
  });
  return uids.length === 1 && message !== undefined ? { ...result, message } : result;
}

/** Switches the crons of these uids on or off. */
export async function switchCrons(
  ports: SavePorts,
  site: string,
  uids: readonly string[],
  power: Power,
): Promise<BulkResult> {
  const verb = `Switched ${power.activated ? 'on' : 'off'}`;
  let isNoteLost = false;
  const result = await each(uids, { clock: ports.clock, verb }, async (uid) => {
    const one = await switchCron(ports, site, uid, power);
    isNoteLost ||= !one.changed;
    return one;
  });
  return isNoteLost ? withoutNote(result, power.note) : result;
}

/** Requests a run of each of these crons. One whose request may have had its effect is refused: a repetition would run twice. */
export function forceRuns(ports: ForcePorts, site: string, uids: readonly string[]): Promise<BulkResult> {
  return each(uids, { clock: ports.clock, verb: 'Asked for a run of', mayRepeat: false }, (uid) =>
    forceRun(ports, site, uid),
  );
}
