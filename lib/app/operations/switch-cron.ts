/** Switches a cron on or off. */
import { describeKey } from '../../core/domain/names.ts';
import { editCron } from './edit-cron.ts';
import { nextRunText } from './messages.ts';
import type { CronResult } from './operation-result.ts';
import { type SavePorts, withNote, withoutNote } from './save.ts';

export interface Power {
  readonly activated: boolean;
  /** Why, for the history. */
  readonly note?: string | undefined;
}

/** Writes nothing when no change is needed. Throws the errors of `editCron`. */
export async function switchCron(
  ports: SavePorts,
  site: string,
  uid: string,
  { activated, note }: Power,
): Promise<CronResult> {
  const { changed, cron } = await editCron(withNote(ports, note), site, uid, { activated });
  const state = `${changed ? 'is now' : 'was already'} switched ${activated ? 'on' : 'off'}`;
  const next = activated ? ` ${nextRunText(cron)}` : '';
  const result = { message: `${describeKey({ site, uid })} ${state}.${next}`, changed, cron };
  return changed ? result : withoutNote(result, note);
}
