/**
 * Reads and validates the profiles of a deployment during synthesis, so that an invalid one fails with its line before
 * anything is deployed. The setup Lambda carries them beside its code.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, parse } from 'node:path';
import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MAX_PROFILE_CRONS } from '../../adapters/aws/table.ts';
import type { DeployedProfiles } from '../../app/profiles/deployed-profiles.ts';
import { desiredState } from '../../app/profiles/desired-state.ts';
import { readProfile } from '../../app/profiles/formats.ts';
import type { Profile } from '../../app/profiles/profile.ts';
import { ConfigurationError } from '../../core/domain/errors.ts';
import { SITE, SITE_RULE } from '../../core/domain/names.ts';
import { formatProblem } from '../../core/domain/problem.ts';

/** Paths of profiles by site, for example `{ shop: 'profiles/shop.yaml' }`. */
export type ProfileFiles = Readonly<Record<string, string>>;

const ENDINGS = new Set(['.yaml', '.yml', '.json', '.xml', '.crontab']);

/**
 * The profiles in a folder, such as `profiles/shop.yaml` for the site `shop`; none when the folder does not exist. Throws
 * ConfigurationError when a site has two.
 */
export function profilesIn(folder: string): ProfileFiles {
  const files: Record<string, string> = {};
  for (const file of namesIn(folder)) {
    const { name, ext } = parse(file);
    if (!ENDINGS.has(ext)) continue;
    const other = files[name];
    if (other)
      throw new ConfigurationError(`${join(folder, file)} and ${other} are both of "${name}": keep one.`);
    files[name] = join(folder, file);
  }
  return files;
}

/** The profiles in the files. Throws ConfigurationError with every problem of every file; warns of lines left out. */
export function deployedProfiles(scope: Construct, files: ProfileFiles): DeployedProfiles {
  const problems: string[] = [];
  const profiles: Record<string, Profile> = {};
  for (const [site, file] of Object.entries(files)) {
    if (!SITE.test(site)) problems.push(`${file}: got the site "${site}", wanted ${SITE_RULE}.`);
    const { profile, problems: found } = readProfile(bytesOf(file), { name: file });
    for (const problem of found)
      problems.push(`${file}:${problem.line}:${problem.column} ${formatProblem(problem)}`);
    for (const { line, text, reason } of profile?.leftOut ?? []) {
      Annotations.of(scope).addWarningV2(
        'cloudtab:profile',
        `${file}:${line} is left out: ${text} ${reason}`,
      );
    }
    for (const { line, text } of profile?.notes ?? []) {
      Annotations.of(scope).addWarningV2('cloudtab:profile', `${file}:${line} ${text}`);
    }
    if (!profile) continue;
    profiles[site] = profile;
    const { size } = desiredState(profile);
    if (size > MAX_PROFILE_CRONS)
      problems.push(
        `${file}: got ${size} crons, wanted at most ${MAX_PROFILE_CRONS}. Split it among sites, or use "cloudtab apply".`,
      );
  }
  if (problems.length > 0)
    throw new ConfigurationError(`The profiles cannot be deployed.\n${problems.join('\n')}`);
  return profiles;
}

function bytesOf(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new ConfigurationError(`Cannot read the profile ${file}: ${error}`, { cause: error });
  }
}

function namesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false }) ? readdirSync(folder).sort() : [];
}
