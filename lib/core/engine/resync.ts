/**
 * The resync: reads the whole registry, projects what differs, synchronises every site and repairs the timers. It repairs
 * whatever lost events have caused; if nothing was lost, it writes nothing but the labels of rejected parameters.
 */
import pMap, { pMapIterable } from 'p-map';
import type { ParameterKey } from '../domain/names.ts';
import type { Parameter } from '../ports/registry.ts';
import type { AnyProjection, SiteState } from '../ports/store.ts';
import { collectErrors, type ErrorCollection } from './collect-errors.ts';
import {
  isUpToDate,
  type ProjectPorts,
  projectParameter,
  projectReading,
  REGISTRY_LAG_MS,
} from './project-parameter.ts';
import { publishEvents } from './publish-events.ts';
import { sweepSites } from './sweep.ts';
import type { SyncPorts } from './sync.ts';

export type ResyncPorts = ProjectPorts & SyncPorts;

const CONCURRENCY = 20;

/**
 * Resyncs every site. One parameter or cron that fails stops no other: the errors are thrown at the end. A page of the
 * registry that cannot be listed fails the resync before anything counts as removed; repeat it.
 */
export async function resync(ports: ResyncPorts): Promise<void> {
  const errors = collectErrors('The resync could not repair everything');
  const sites = await projectRegistry(ports, REGISTRY_LAG_MS, errors);
  await sweepSites(ports, sites, errors);
  await publishEvents(ports, { type: 'ServerRestart', detail: { sites } });
  errors.finish();
}

/**
 * Makes the projections of all sites equal to a registry whose readings are never behind, and nothing more. Throws the errors
 * at the end.
 */
export async function projectAll(ports: ProjectPorts): Promise<void> {
  const errors = collectErrors('Not every parameter could be projected');
  await projectRegistry(ports, 0, errors);
  errors.finish();
}

/** Returns all sites, sorted. Pages are listed ahead while parameters of earlier ones are projected. */
async function projectRegistry(
  ports: ProjectPorts,
  lagMs: number,
  errors: ErrorCollection,
): Promise<string[]> {
  const projectionsOf = projectionsBySite(ports);
  const sites = new Set(await ports.store.sites());
  const listed = new Set<string>();
  const project = async (parameter: Parameter) => {
    const { site, uid } = parameter;
    const key = uid === undefined ? { site } : { site, uid };
    sites.add(site);
    listed.add(nameOf(key));
    await errors.run(async () => {
      const projections = await projectionsOf(site);
      await projectListed(ports, key, projections.get(uid ?? ''), parameter);
    });
  };
  const options = { concurrency: CONCURRENCY, backpressure: 2 * CONCURRENCY };
  for await (const _ of pMapIterable(ports.registry.list(), project, options));
  for (const site of sites) {
    await errors.run(async () => {
      const keys = [...(await projectionsOf(site)).keys()].map((uid) =>
        uid === '' ? { site } : { site, uid },
      );
      await projectUnlisted(
        ports,
        keys.filter((key) => !listed.has(nameOf(key))),
        lagMs,
        errors,
      );
    });
  }
  return [...sites].sort();
}

/** A parameter whose valid projection is up to date costs no call. */
async function projectListed(
  ports: ProjectPorts,
  key: ParameterKey,
  known: AnyProjection | undefined,
  parameter: Parameter,
): Promise<void> {
  if (isUpToDate(ports, known, parameter)) return;
  await projectReading(ports, key, await ports.store.readProjection(key), parameter);
}

/** What is projected and was not listed may be gone: only a read of that parameter decides. */
async function projectUnlisted(
  ports: ProjectPorts,
  keys: readonly ParameterKey[],
  lagMs: number,
  errors: ErrorCollection,
): Promise<void> {
  const project = (key: ParameterKey) => errors.run(() => projectParameter(ports, key, lagMs));
  await pMap(keys, project, { concurrency: CONCURRENCY });
}

/** The projections of a site by uid, and under '' that of its settings, without removed ones. */
type SiteProjections = ReadonlyMap<string, AnyProjection>;

/** Queries each site once, as soon as it is needed. */
function projectionsBySite({ store }: Pick<ProjectPorts, 'store'>) {
  const sites = new Map<string, Promise<SiteProjections>>();
  return (site: string): Promise<SiteProjections> => {
    const projections = sites.get(site) ?? store.readSite(site).then(presentProjections);
    sites.set(site, projections);
    return projections;
  };
}

function presentProjections({ crontab, crons }: SiteState): SiteProjections {
  const projections = [{ uid: '', cron: crontab }, ...crons];
  return new Map(
    projections.flatMap(({ uid, cron }) => (cron && cron.removedAt === undefined ? [[uid, cron]] : [])),
  );
}

function nameOf({ site, uid = '' }: ParameterKey): string {
  return `${site}/${uid}`;
}
