/**
 * Applies the profiles of a deployment. A deployment stores a hash of each element that it applied last, and
 * applies an element only when its hash differs: edits from elsewhere stay until the element changes.
 */
import { hash } from 'node:crypto';
import { ConfigurationError, InvalidError } from '../../core/domain/errors.ts';
import { isJsonObject } from '../../core/domain/json-object.ts';
import type { ProfileHashes } from '../../core/ports/profile-hashes.ts';
import type { AddPorts } from '../operations/add-cron.ts';
import { applyPlan } from './apply.ts';
import { type CurrentSite, readCurrentSite } from './current-site.ts';
import type { DeployedProfiles } from './deployed-profiles.ts';
import { desiredState } from './desired-state.ts';
import { type ProfilePlan, planProfile } from './plan.ts';
import type { Profile } from './profile.ts';
import { editsByPorts } from './site-edits.ts';

export interface DeployPorts extends AddPorts {
  readonly hashes: ProfileHashes;
}

type Hashes = ReadonlyMap<string, string>;

/**
 * The most crons that one deployment changes: the setup function has ten minutes, Parameter Store takes about three writes a
 * second, and the resync follows. test/simulation/deployment.test.ts measures it.
 */
export const MAX_CHANGES = 1_000;

/** The key of the crontab's settings; every other key is a uid, which has no slash. */
const SETTINGS = '/crontab';

/** What a deployment is about to do to a site. */
interface Deployment {
  readonly site: string;
  readonly plan: ProfilePlan;
  readonly remembered: Hashes;
  /** The hashes of elements that stay as they are. */
  readonly kept: Hashes;
  readonly after: Hashes;
  /** The uids of elements that cannot be applied. */
  readonly skipped: ReadonlySet<string>;
}

/**
 * Applies the elements that changed since the last deployment, of the profiles of all sites. Leaves a read-only crontab
 * unchanged, with a warning; the next deployment tries again. Before anything changes, throws InvalidError with the problems
 * of a profile, and ConfigurationError if there are too many changes. Throws the errors of applyPlan. Idempotent.
 */
export async function deployProfiles(ports: DeployPorts, profiles: DeployedProfiles): Promise<void> {
  const deployments: Deployment[] = [];
  for (const [site, profile] of Object.entries(profiles)) {
    const deployment = await prepare(ports, site, profile);
    if (deployment) deployments.push(deployment);
  }
  requireFew(deployments);
  for (const deployment of deployments) await apply(ports, deployment);
}

/** Nothing if no element has changed, or if the crontab is read-only. */
async function prepare(ports: DeployPorts, site: string, profile: Profile): Promise<Deployment | undefined> {
  const current = elementHashes(profile);
  const remembered = await ports.hashes.read(site);
  const isSame = (key: string) => remembered.get(key) === current.get(key);
  if ([...remembered.keys(), ...current.keys()].every(isSame)) return undefined;

  const currentSite = await readCurrentSite(ports, site);
  const skipped = new Set(
    incompleteUids(profile, currentSite).filter((uid) => remembered.has(uid) && !isSame(uid)),
  );
  const kept = new Map([...remembered].filter(([key]) => isSame(key) || skipped.has(key)));
  const elements = profile.elements.filter(({ uid }) => !kept.has(uid));
  const settings = kept.has(SETTINGS) ? {} : profile.settings;
  const plan = planProfile({ ...profile, elements, settings }, currentSite, {
    now: ports.clock.now(),
    runners: ports.runners,
  });
  if (plan.locked) {
    ports.logger.warn(`The crontab of ${site} is read-only: its profile was not applied`, {
      code: 'profile-refused',
      site,
    });
    return undefined;
  }
  if (plan.problems.length > 0) throw new InvalidError(plan.problems);
  return { site, plan, remembered, kept, after: new Map([...current, ...kept]), skipped };
}

function requireFew(deployments: readonly Deployment[]): void {
  const counts = deployments.map(({ site, plan: { steps } }) => ({ site, count: steps.length }));
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  if (all <= MAX_CHANGES) return;
  const sites = counts.map(({ site, count }) => `${site}: ${count}`).join(', ');
  throw new ConfigurationError(
    `profiles: got ${all} changes of crons (${sites}), wanted at most ${MAX_CHANGES} in one deployment. ` +
      'Deploy without the profile, use "cloudtab apply" for it, then deploy with it again.',
  );
}

async function apply(ports: DeployPorts, deployment: Deployment): Promise<void> {
  const { hashes, logger } = ports;
  const { site, plan, remembered, kept, after, skipped } = deployment;
  // Delete these hashes first: after a crash in between, or a rollback to the previous profile, the elements apply again.
  if (kept.size < remembered.size) await hashes.write(site, kept);
  const { written } = await applyPlan(editsByPorts(ports, site), plan);
  await hashes.write(site, after);
  for (const uid of skipped) {
    const reason = 'the cron was removed, and the element lacks the name or the periodicity to add it again';
    logger.warn(`Skipped ${site}/${uid} of the profile: ${reason}`, { code: 'profile-skipped', site, uid });
  }
  logger.info(`Applied the profile of ${site}`, { code: 'profile-applied', site, written });
}

/** The SHA-256 of each element, by its uid, and of the settings that the profile gives. */
function elementHashes(profile: Profile): Hashes {
  const hashes = new Map<string, string>();
  for (const [uid, { kind, element }] of desiredState(profile)) {
    hashes.set(uid, hashOf(kind === 'absent' ? [kind] : [kind, element.given]));
  }
  if (Object.keys(profile.settings).length > 0) hashes.set(SETTINGS, hashOf(profile.settings));
  return hashes;
}

/** The uids that the site does not have, and whose element lacks the fields to add a cron. */
function incompleteUids(profile: Profile, { crons }: CurrentSite): string[] {
  return [...desiredState(profile)].flatMap(([uid, { kind, element }]) => {
    const isComplete = 'name' in element.given && 'periodicity' in element.given;
    return kind === 'absent' || crons.has(uid) || isComplete ? [] : uid;
  });
}

function hashOf(content: unknown): string {
  return hash('sha256', JSON.stringify(content, sortedKeys));
}

/** A replacer for JSON.stringify: the text does not depend on the order of keys. */
function sortedKeys(_: string, value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
