/** Applying a deployment's profile to a site: once for each content, and only what is new in it (merge.ts). */
import type { AppliedProfiles } from '../ports/applied-profiles.ts';
import { type ApplyPorts, applyPlan } from './apply.ts';
import { newSince } from './merge.ts';
import { plan } from './plan.ts';
import { readSiteNow } from './site-now.ts';
import { storedProfile } from './stored.ts';

export interface DeployPorts extends ApplyPorts {
  readonly applied: AppliedProfiles;
}

/**
 * `text` is that of stored.ts. In a crontab that is read only nothing is changed; it is said, and tried again at the
 * next deployment. Throws InvalidError when a cron would not be valid, and what applying throws: all of it can be
 * repeated.
 */
export async function deployProfile(ports: DeployPorts, site: string, text: string): Promise<void> {
  const last = await ports.applied.read(site);
  if (last === text) return;
  const now = await readSiteNow(ports, site);
  const { profile, skipped } = newSince(
    last === undefined ? undefined : storedProfile(last),
    storedProfile(text),
    now,
  );
  const planned = plan(profile, now, { now: ports.clock.now(), runners: ports.runners });
  const { log } = ports;
  if (planned.locked) {
    log.warn(`The crontab of ${site} is read only: its profile was not applied`, {
      code: 'profile-refused',
      site,
    });
    return;
  }
  const { written } = await applyPlan(ports, planned);
  await ports.applied.write(site, text);
  for (const uid of skipped) {
    const why = 'it was removed, and the profile says too little of it to add it again';
    log.warn(`Left out ${site}/${uid} of the profile: ${why}`, { code: 'profile-skipped', site, uid });
  }
  log.info(`Applied the profile of ${site}`, { code: 'profile-applied', site, written });
}
