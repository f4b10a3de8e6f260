/** Setup at the end of each deployment, when all its resources exist. */
import type { Grant } from '../core/domain/access.ts';
import { CRONTAB_DEFAULTS } from '../core/domain/crontab-settings.ts';
import { ConfigurationError, InvalidError } from '../core/domain/errors.ts';
import type { LimitsBySite } from '../core/domain/site-limits.ts';
import type { AccessStore } from '../core/ports/access.ts';
import { retry } from '../core/ports/retry.ts';
import { type DeployPorts, deployProfiles } from './profiles/deploy.ts';
import type { DeployedProfiles } from './profiles/deployed-profiles.ts';

export interface SetupInput {
  /** The sites that get a crontab if they have none. */
  readonly sites: readonly string[];
  /** IANA name, for new crontabs. */
  readonly timezone: string;
  /** Who may do what; empty: every caller is an editor of all sites. */
  readonly access: readonly Grant[];
}

export interface SetupPorts extends DeployPorts {
  /** Notes the format of a new store. Throws ConfigurationError if the store has another one. */
  readonly requireFormat: () => Promise<void>;
  readonly access: AccessStore;
  /** Publishes the runners of the deployment, by which users' tools validate. Throws UnavailableError. */
  readonly publishCatalogue: () => Promise<void>;
  /** Resyncs every site. Whether it ended within so many milliseconds; otherwise it goes on. Throws if it failed. */
  readonly resync: (waitMs: number) => Promise<boolean>;
}

export interface LimitsPorts extends Pick<SetupPorts, 'clock' | 'logger' | 'requireFormat'> {
  /** Writes the limits, if they are not there. Returns their id. Throws UnavailableError. */
  readonly write: (limits: LimitsBySite) => Promise<string>;
  /** Lets the limits of that id expire some time later. Throws UnavailableError. */
  readonly expire: (id: string) => Promise<void>;
}

/** A new IAM role takes some seconds to reach all services. */
const DELAYS_MS = [5_000, 15_000];

/** A deployment waits for the resync no longer: 100,000 parameters take some minutes. */
const RESYNC_WAIT_MS = 60_000;

/**
 * Checks the format of the table; writes the roles; publishes the catalogue of runners; creates missing crontab parameters
 * with the defaults, so that users see where to edit; applies the profiles; starts a resync of all sites and waits for it a
 * minute at most. Makes three attempts, then throws; throws an InvalidError or a ConfigurationError at once.
 */
export async function setup(
  ports: SetupPorts,
  { sites, timezone, access }: SetupInput,
  profiles: DeployedProfiles = {},
): Promise<void> {
  const all = new Set([...sites, ...Object.keys(profiles)]);
  const attempt = async () => {
    await ports.requireFormat();
    await ports.access.replace(access);
    await ports.publishCatalogue();
    for (const site of all) await createCrontab(ports, site, timezone);
    await deployProfiles(ports, profiles);
    if (!(await ports.resync(RESYNC_WAIT_MS))) {
      ports.logger.info('The resync goes on after the deployment', { code: 'resync-goes-on' });
    }
  };
  await untilReady(ports, attempt);
}

/**
 * Writes what runners may reach, before the functions start that read it; returns its id. Checks the format of the table first.
 * Makes three attempts, then throws; throws a ConfigurationError at once.
 */
export async function setLimits(ports: LimitsPorts, limits: LimitsBySite): Promise<string> {
  return await untilReady(ports, async () => {
    await ports.requireFormat();
    return await ports.write(limits);
  });
}

/** Lets replaced limits expire. A failure is logged only: it costs the storage of an item, and must keep no stack from ending. */
export async function dropLimits({ expire, logger }: LimitsPorts, id: string): Promise<void> {
  try {
    await expire(id);
  } catch (error) {
    logger.warn('The replaced limits of runners stay in the table', { code: 'limits-kept', error });
  }
}

function untilReady<Result>(
  { clock, logger }: Pick<SetupPorts, 'clock' | 'logger'>,
  attempt: () => Promise<Result>,
): Promise<Result> {
  return retry(clock, DELAYS_MS, attempt, (error) => {
    if (error instanceof InvalidError || error instanceof ConfigurationError) return false;
    logger.warn('The deployment is not ready yet', { code: 'setup-repeated', error });
    return true;
  });
}

async function createCrontab(
  { registry, logger }: SetupPorts,
  site: string,
  timezone: string,
): Promise<void> {
  if (await registry.read({ site })) return;
  await registry.write({ site }, JSON.stringify({ ...CRONTAB_DEFAULTS, timezone }, undefined, 2));
  logger.info(`Created the crontab parameter of ${site}`, { code: 'site-made', site });
}
