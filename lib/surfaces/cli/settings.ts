/** `cloudtab edit` without a uid: the settings of the crontab, by options. */

import { editSettings } from '../../app/operations/edit-settings.ts';
import type { JsonObject } from '../../core/domain/cron.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import type { Target } from '../../core/ports/target.ts';
import type { FieldOptions } from './fields.ts';
import { jsonText } from './options.ts';

export interface SettingsOptions extends FieldOptions {
  readonly site: string;
  readonly readOnly?: boolean;
  readonly json?: true;
}

const OPTIONS = ['timezone', 'on', 'off', 'readOnly'];
const OTHERS = ['site', 'json', 'dir', 'stack'];
const NAMES = '--timezone, --on, --off, --read-only and --no-read-only';

/** What was done, in a sentence. Throws ConfigurationError for options that crons have alone, or none at all. */
export async function changeSettings(target: Target, options: SettingsOptions): Promise<string> {
  const foreign = Object.keys(options).filter((name) => !OPTIONS.includes(name) && !OTHERS.includes(name));
  const edit = editOf(options);
  if (foreign.length > 0 || Object.keys(edit).length === 0) {
    const got = foreign.length > 0 ? foreign.map((name) => `--${dashed(name)}`).join(', ') : 'nothing';
    throw new ConfigurationError(
      `Without a uid the settings of the crontab are edited: got ${got}, wanted some of ${NAMES}. To edit a cron, add its uid.`,
    );
  }
  const { message } = await editSettings(target.ports, options.site, edit);
  return options.json ? jsonText({ site: options.site, message }) : message;
}

/** An empty time zone takes it away, so that UTC counts. */
function editOf({ timezone, on, off, readOnly }: SettingsOptions): JsonObject {
  return {
    ...(timezone !== undefined && { timezone: timezone || null }),
    ...((on || off) && { activated: on === true }),
    ...(readOnly !== undefined && { readOnly }),
  };
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
