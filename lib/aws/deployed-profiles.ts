/** The profiles that go with a deployment: a file beside the setup Lambda's code. No SDK here: the stack writes it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Its name. */
export const PROFILES_FILE = 'profiles.json';

/** The texts of lib/profiles/stored.ts, by site, from that folder; none when the deployment has no profiles. */
export function readDeployedProfiles(folder: string): Readonly<Record<string, string>> {
  try {
    return JSON.parse(readFileSync(join(folder, PROFILES_FILE), 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
