/** The file with the profiles of a deployment. The stack puts it beside the code of the setup Lambda. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export const PROFILES_FILE = 'profiles.json';

/** The text of the file in that folder; an empty JSON object when the file is absent. */
export function readProfilesFile(folder: string): string {
  const file = join(folder, PROFILES_FILE);
  return statSync(file, { throwIfNoEntry: false }) ? readFileSync(file, 'utf8') : '{}';
}
