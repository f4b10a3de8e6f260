/** `cloudtab export`: a crontab as a profile, in any of the formats. */
import { writeFileSync } from 'node:fs';
import { ConfigurationError } from '../domain/errors.ts';
import { counted } from '../operations/sentences.ts';
import { writeProfile } from '../profiles/formats.ts';
import { readExported } from '../profiles/site-now.ts';
import { formatNamed } from './profile-file.ts';
import type { Target } from './target.ts';

export interface ExportOptions {
  readonly site: string;
  readonly format: string;
  readonly full?: true;
  readonly output?: string;
  /** The same as the format json. */
  readonly json?: true;
}

/** What to print: the profile, or where it was written. Throws NotFoundError when there is no such site. */
export async function exportCrontab(
  { ports }: Pick<Target, 'ports'>,
  options: ExportOptions,
): Promise<string> {
  const format = options.json ? 'json' : formatNamed(options.format);
  if (options.full && format !== 'yaml' && format !== 'json') {
    throw new ConfigurationError(
      '--full is for yaml and json: the other formats have no word for every field.',
    );
  }
  const exported = await readExported(ports, options.site);
  const text = writeProfile(exported, format, options.full);
  if (options.output === undefined) return text.trimEnd();
  writeFileSync(options.output, text);
  return `Wrote ${counted(exported.crons.length, 'cron')} of ${options.site} to ${options.output}.`;
}
