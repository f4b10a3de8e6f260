/** `cloudtab export`: prints a crontab as a profile in YAML, JSON or XML. */
import { writeFileSync } from 'node:fs';
import { wholeCrontab } from '../../app/door/whole-lists.ts';
import { pluralize } from '../../app/operations/messages.ts';
import { exportOf } from '../../app/profiles/current-site.ts';
import { EXPORT_FORMATS, type ExportFormat } from '../../app/profiles/format-names.ts';
import { extensionFormat, writeProfile } from '../../app/profiles/formats.ts';
import type { Client } from '../../client/client.ts';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { fileReason } from './file-error.ts';
import { formatNamed } from './profile-file.ts';

export interface ExportOptions {
  readonly site: string;
  /** Default: by the extension of the output, or YAML. */
  readonly format?: string;
  readonly full?: true;
  readonly output?: string;
  /** Same as `--format json`. */
  readonly json?: true;
}

/**
 * The text to print: the profile, or the file that holds it. Throws NotFoundError when the site does not exist,
 * InvalidError for a format that cannot express the crontab, and ConfigurationError when the file cannot be written.
 */
export async function exportCrontab({ call }: Pick<Client, 'call'>, options: ExportOptions): Promise<string> {
  const format = formatWanted(options);
  if (options.full && format !== 'yaml' && format !== 'json') {
    const wanted = 'a format that can express null';
    throw new InvalidError([{ where: '--full', got: 'xml', wanted, fix: 'Choose yaml or json.' }]);
  }
  const exported = exportOf(await wholeCrontab(call, options.site));
  const text = writeProfile(exported, format, options.full);
  if (options.output === undefined) return text.trimEnd();
  write(options.output, text);
  return `Exported ${pluralize(exported.crons.length, 'cron')} of ${options.site} to ${options.output}.`;
}

function formatWanted({ format, json, output = '' }: ExportOptions): ExportFormat {
  if (json) return 'json';
  if (format !== undefined) return formatNamed(format, EXPORT_FORMATS);
  return extensionFormat(output) ?? 'yaml';
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const fix = 'Choose a file in an existing folder.';
    throw new ConfigurationError(`Cannot write ${file}: ${fileReason(error)}. ${fix}`, { cause: error });
  }
}
