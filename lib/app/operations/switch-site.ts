/** Switches a crontab on or off. */
import { editSettings } from './edit-settings.ts';
import type { SettingsResult } from './operation-result.ts';
import { type SavePorts, withNote } from './save.ts';
import type { Power } from './switch-cron.ts';

/** Throws the errors of `editSettings`. */
export function switchSite(
  ports: SavePorts,
  site: string,
  { activated, note }: Power,
): Promise<SettingsResult> {
  return editSettings(withNote(ports, note), site, { activated });
}
