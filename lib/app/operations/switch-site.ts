/** Switches a crontab on or off. */
import { editSettings } from './edit-settings.ts';
import type { SettingsResult } from './operation-result.ts';
import { type SavePorts, withNote, withoutNote } from './save.ts';
import type { Power } from './switch-cron.ts';

/** Throws the errors of `editSettings`. */
export async function switchSite(
  ports: SavePorts,
  site: string,
  { activated, note }: Power,
): Promise<SettingsResult> {
  const result = await editSettings(withNote(ports, note), site, { activated });
  return result.changed ? result : withoutNote(result, note);
}
