/**
 * The resync: reads the whole registry, projects what differs, synchronises every site and repairs the timers. It repairs
 * whatever lost events have caused; if nothing was lost, it writes nothing but the labels of rejected parameters.
 */
import type { ParameterKey } from '../domain/names.ts';
import { collectErrors, type ErrorCollection } from './collect-errors.ts';
import { type ProjectPorts, projectListed, projectParameter } from './project-parameter.ts';
import { publishEvents } from './publish-events.ts';
import { repairTimers } from './repair-timers.ts';
import { type SyncPorts, syncSite } from './sync.ts';

export type ResyncPorts = ProjectPorts & SyncPorts;

/** Resyncs every site. One parameter or site that fails stops no other: its error is thrown at the end. */
export async function resync(ports: ResyncPorts): Promise<void> {
  const attempt = collectErrors('The resync could not repair everything');
  const sites = await projectEverything(ports, attempt);
  for (const site of sites) await attempt.run(() => syncSite(ports, site));
  await attempt.run(() => repairTimers(ports));
  await publishEvents(ports, { type: 'ServerRestart', detail: { sites: [...sites].sort() } });
  attempt.finish();
}

/** Makes the projections of all sites equal to the registry, and nothing more. Throws the errors at the end. */
export async function projectAll(ports: ProjectPorts): Promise<void> {
  const attempt = collectErrors('Not everything could be read');
  await projectEverything(ports, attempt);
  attempt.finish();
}

/** Projects the parameters of all sites, and returns the sites. */
async function projectEverything(ports: ProjectPorts, attempt: ErrorCollection): Promise<Set<string>> {
  const listed = new Set<string>();
  const sites = new Set(await ports.store.sites());
  for await (const parameter of ports.registry.list()) {
    const { site, uid } = parameter;
    const key = uid === undefined ? { site } : { site, uid };
    listed.add(pathOf(key));
    sites.add(site);
    await attempt.run(() => projectListed(ports, key, parameter));
  }
  for (const site of sites) await attempt.run(() => projectUnlisted(ports, site, listed));
  return sites;
}

/** Projects again the parameters that have a projection and were not in the list: they may be gone. */
async function projectUnlisted(ports: ProjectPorts, site: string, listed: Set<string>): Promise<void> {
  const { crontab, crons } = await ports.store.readSite(site);
  const present: ParameterKey[] = crons
    .filter(({ cron }) => cron && !cron.removed)
    .map(({ uid }) => ({ site, uid }));
  if (crontab && !crontab.removed) present.push({ site });
  for (const key of present) {
    if (!listed.has(pathOf(key))) await projectParameter(ports, key);
  }
}

function pathOf({ site, uid }: ParameterKey): string {
  return uid === undefined ? site : `${site}/${uid}`;
}
