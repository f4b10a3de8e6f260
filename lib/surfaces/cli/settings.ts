/** `cloudtab edit` without a uid: changes the settings of the crontab. */

import type { Client } from '../../client/client.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import { InvalidError } from '../../core/domain/errors.ts';
import type { FieldOptions } from './fields.ts';
import { type JsonOptions, resultText } from './output.ts';

export interface SettingsOptions extends FieldOptions, JsonOptions {
  readonly site: string;
  readonly readOnly?: boolean;
}

const SETTINGS = ['timezone', 'on', 'off', 'readOnly'];
const COMMON_OPTIONS = ['site', 'json', 'dir', 'stack', 'url', 'root', 'region', 'profile'];
const NAMES = '--timezone, --on, --off, --read-only and --no-read-only';

/** The text to print. Throws InvalidError for options that only crons have, and when there is no option. */
export async function changeSettings(client: Client, options: SettingsOptions): Promise<string> {
  const ownOptions = [...SETTINGS, ...COMMON_OPTIONS];
  const cronOptions = Object.keys(options).filter((name) => !ownOptions.includes(name));
  const edit = editOf(options);
  if (cronOptions.length > 0 || Object.keys(edit).length === 0) {
    const flags = cronOptions.map((name) => `--${name.replace(/[A-Z]/g, (one) => `-${one.toLowerCase()}`)}`);
    const got = flags.join(', ') || 'nothing';
    const wanted = `some of ${NAMES}, the settings of the crontab`;
    throw new InvalidError([{ where: 'edit', got, wanted, fix: 'To edit a cron, add its uid.' }]);
  }
  const { message } = await client.call('editSite', { site: options.site }, edit);
  return resultText({ site: options.site, message }, options);
}

/** An empty time zone removes the setting, which makes it UTC. */
function editOf({ timezone, on, off, readOnly }: SettingsOptions): JsonObject {
  return {
    ...(timezone !== undefined && { timezone: timezone || null }),
    ...((on || off) && { activated: on === true }),
    ...(readOnly !== undefined && { readOnly }),
  };
}
