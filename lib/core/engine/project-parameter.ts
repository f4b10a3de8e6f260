/**
 * From a parameter to its projection: reads the parameter, validates it, writes what it found, and labels the parameter if
 * it is invalid.
 *
 * The event that leads here is never trusted: it may be late, repeated or out of order. So the parameter is read, and read
 * again after the write, until both readings agree. Labels come last: they inform users, and nothing waits for them.
 */
import { clearSecretWarnings } from '../domain/clear-secrets.ts';
import type { CronFields } from '../domain/cron.ts';
import { loadCron } from '../domain/cron-schema.ts';
import { loadCrontabSettings } from '../domain/crontab-schema.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { attempt, CloudtabError, InvalidError, UnavailableError } from '../domain/errors.ts';
import { inForceText } from '../domain/in-force.ts';
import { type ParameterKey, SITE } from '../domain/names.ts';
import { MAX_EARLY_MS } from '../domain/occurrence.ts';
import { formatProblem, formatValue, type Problem } from '../domain/problem.ts';
import { sameJson } from '../domain/same-json.ts';
import { pause } from '../ports/clock.ts';
import type { Parameter } from '../ports/registry.ts';
import type { AnyProjection } from '../ports/store.ts';
import { offOf } from './off-of.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';

export type ProjectPorts = Pick<Ports, 'registry' | 'store' | 'events' | 'clock' | 'logger' | 'runners'>;

const MAX_READINGS = 10;

/** How long a reading may be older than the event that announced it, in milliseconds. */
export const REGISTRY_LAG_MS = 2_000;

/** The same with the difference of two clocks. */
const RECENT_MS = REGISTRY_LAG_MS + MAX_EARLY_MS;

/**
 * Handles the news that a parameter has changed. A reading that shows nothing new is repeated once after a pause, because
 * the registry may be behind its own event. Throws as `projectParameter` does.
 */
export async function projectChange(ports: ProjectPorts, key: ParameterKey): Promise<void> {
  const before = await ports.store.readProjection(key);
  await projectParameter(ports, key, REGISTRY_LAG_MS);
  if (!isSame(before, await ports.store.readProjection(key))) return;
  await pause(ports.clock, REGISTRY_LAG_MS);
  await projectParameter(ports, key, REGISTRY_LAG_MS);
}

/**
 * Makes the projection of one parameter equal to the registry. If readings may be `lagMs` behind, a parameter of the last
 * minute is read again before it counts as removed. Throws UnavailableError if the parameter keeps changing.
 */
export async function projectParameter(ports: ProjectPorts, key: ParameterKey, lagMs = 0): Promise<void> {
  for (let readings = 0; readings < MAX_READINGS; readings++) {
    // The projection is read first. So a parameter that is absent was removed after it was projected, and one that was
    // created and projected meanwhile does not count as removed.
    const known = await ports.store.readProjection(key);
    let parameter = await ports.registry.read(key);
    if (lagMs > 0 && !parameter && isRecent(known, ports.clock.now())) {
      await pause(ports.clock, lagMs);
      parameter = await ports.registry.read(key);
    }
    if (await applyReading(ports, key, known, parameter)) return;
  }
  throw new UnavailableError(`The parameter of ${textOf(key)} changed at each of ${MAX_READINGS} readings.`);
}

/**
 * Makes the projection equal to this reading of the parameter, unless a later one is stored. `known` is the projection that
 * the caller has read before. Throws as `projectParameter` does.
 */
export async function projectReading(
  ports: ProjectPorts,
  key: ParameterKey,
  known: AnyProjection | undefined,
  parameter: Parameter,
): Promise<void> {
  if (!(await applyReading(ports, key, known, parameter))) await projectParameter(ports, key);
}

/** Whether this reading is valid and projected already, by this version of the code and its runners. */
export function isUpToDate(
  ports: Pick<ProjectPorts, 'runners'>,
  known: AnyProjection | undefined,
  parameter: Parameter,
): boolean {
  if (known?.modified !== parameter.modified || known.problems) return false;
  const { modified, version } = parameter;
  const result = attempt(() => validValue(ports, parameter));
  if (!('value' in result) || (known.off === undefined) !== result.value.activated) return false;
  return isSame(known, { modified, version, value: result.value, ...(known.off && { off: known.off }) });
}

/** Whether the projection follows the registry now; false if the parameter changed meanwhile. */
async function applyReading(
  ports: ProjectPorts,
  key: ParameterKey,
  known: AnyProjection | undefined,
  parameter: Parameter | undefined,
): Promise<boolean> {
  const next = parameter ? await projectionOf(ports, parameter, known) : removal(ports, known);
  if (next === 'outdated') return false;
  if (!next || isLater(known, next)) return true;
  const isKnown = isSame(known, next);
  if (!isKnown && (await ports.store.putProjection(key, next))) await reportProjection(ports, key, next);
  const { problems, labelledVersion, ...unlabelled } = next;
  const rejected = problems && parameter;
  // Also if the projection is known: the label may have failed, or one of an earlier version may have taken its place.
  if (rejected) await label(ports, key, () => ports.registry.labelRejected(rejected, problems));
  if (labelledVersion !== undefined) {
    await label(ports, key, async () => {
      await ports.registry.unlabelRejected(key, labelledVersion);
      await ports.store.putProjection(key, unlabelled);
    });
  }
  if (isKnown && !rejected) return true;
  const current = await ports.registry.read(key);
  if (current?.modified === parameter?.modified) return true;
  // The label may be on a version of that number of a parameter that was created since.
  if (rejected) await label(ports, key, () => ports.registry.unlabelRejected(key, rejected.version));
  return false;
}

/** Labels inform users, and nothing waits for them: a failure is logged, and the next resync labels again. */
async function label(
  { logger }: ProjectPorts,
  key: ParameterKey,
  change: () => Promise<void>,
): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof CloudtabError)) throw error;
    const text = `The label of ${textOf(key)} could not be changed; the next resync does it`;
    logger.warn(text, { code: 'label-failed', ...key, error });
  }
}

async function projectionOf(
  ports: ProjectPorts,
  parameter: Parameter,
  known: AnyProjection | undefined,
): Promise<AnyProjection | 'outdated'> {
  const { modified, version } = parameter;
  const result = attempt(() => validValue(ports, parameter));
  if ('value' in result) {
    const { value } = result;
    return {
      modified,
      version,
      value,
      ...(await offOf(ports, parameter, known, value)),
      ...labelledBefore(known),
    };
  }
  const { problems } = result;
  const value = await lastValid(ports, parameter, known);
  if (value === 'outdated') return 'outdated';
  if (!value) return { modified, version, problems };
  return { modified, version, value, problems, ...(await offOf(ports, parameter, known, value)) };
}

/** The version whose labels a valid version leaves behind. Those of a removed parameter are gone with it. */
function labelledBefore(known: AnyProjection | undefined): Pick<AnyProjection, 'labelledVersion'> {
  if (!known || known.removedAt !== undefined) return {};
  const { problems, version, labelledVersion } = known;
  if (problems) return { labelledVersion: version };
  return labelledVersion === undefined ? {} : { labelledVersion };
}

/**
 * What stays in force beside an invalid version: a valid one may have come and gone since the last reading. If the version
 * is not in the history, the parameter was removed and created again since, and the reading is outdated.
 */
async function lastValid(
  ports: ProjectPorts,
  parameter: Parameter,
  known: AnyProjection | undefined,
): Promise<AnyProjection['value'] | 'outdated'> {
  const knownValue = known?.removedAt === undefined ? known?.value : undefined;
  if (known?.modified === parameter.modified) return knownValue;
  const { site, uid, version } = parameter;
  const since = known?.modified ?? Number.NEGATIVE_INFINITY;
  const versions = await ports.registry.history(uid === undefined ? { site } : { site, uid });
  if (!versions.some(({ modified }) => modified <= parameter.modified)) return 'outdated';
  for (const earlier of versions) {
    if (earlier.version >= version || earlier.modified <= since) continue;
    const result = attempt(() => validValue(ports, { ...parameter, value: earlier.value }));
    if ('value' in result) return result.value;
  }
  // The projection may be of an earlier life of the parameter, whose removal was never noticed.
  const isEarlierLife = versions.some((one) => one.version === 1 && one.modified > since);
  return isEarlierLife ? undefined : knownValue;
}

function validValue(
  { runners }: Pick<ProjectPorts, 'runners'>,
  { site, uid, value, wrongType }: Parameter,
): CronFields | CrontabSettings {
  // The value of a SecureString is a ciphertext: its own problems would mislead.
  if (wrongType !== undefined) throw new InvalidError([typeProblem(wrongType), ...siteProblems(site)]);
  const result = attempt(() =>
    uid === undefined
      ? loadCrontabSettings(value)
      : loadCron(value, { uid, site, runners, anyRunnerWhileOff: true }).fields(),
  );
  const problems = [...siteProblems(site), ...result.problems];
  if ('value' in result && problems.length === 0) return result.value;
  throw new InvalidError(problems);
}

function typeProblem(got: string): Problem {
  return { where: 'type', got, wanted: 'String', fix: 'Delete the parameter and create it as a String.' };
}

function siteProblems(site: string): Problem[] {
  if (SITE.test(site)) return [];
  return [
    {
      where: 'site',
      got: formatValue(site),
      wanted: '1 to 16 lower-case letters, digits and dashes',
      fix: 'Create the parameter again under a site with such a name.',
    },
  ];
}

/** The tombstone, which keeps the last definition; nothing if there is nothing to remove. */
function removal({ clock }: ProjectPorts, known: AnyProjection | undefined): AnyProjection | undefined {
  if (!known || known.removedAt !== undefined) return undefined;
  const { problems: _problems, labelledVersion: _labelled, off: _off, ...rest } = known;
  return { ...rest, removedAt: clock.now() };
}

/** Whether it is in force since so lately that a reading may not show it yet. */
function isRecent(known: AnyProjection | undefined, now: number): boolean {
  return known?.removedAt === undefined && known !== undefined && known.modified > now - RECENT_MS;
}

function isSame(known: AnyProjection | undefined, next: AnyProjection | undefined): boolean {
  return known === next || (known !== undefined && next !== undefined && sameJson(known, next));
}

/** Whether this reading is older than what is projected. */
function isLater(known: AnyProjection | undefined, next: AnyProjection): boolean {
  if (known === undefined || known.modified < next.modified) return false;
  return known.modified > next.modified || (known.removedAt !== undefined && next.removedAt === undefined);
}

async function reportProjection(ports: ProjectPorts, key: ParameterKey, next: AnyProjection): Promise<void> {
  const { removedAt, problems, version } = next;
  const detail = { ...key, version };
  if (problems) {
    const text = problems.map(formatProblem).join(' ');
    ports.logger.warn(
      `Rejected version ${version} of ${textOf(key)}; ${inForceText(next.value !== undefined)}. ${text}`,
      {
        code: 'parameter-rejected',
        ...detail,
        problems,
      },
    );
    return publishEvents(ports, { type: 'RejectedParameter', detail: { ...detail, problems } });
  }
  const isRemoved = removedAt !== undefined;
  const change = isRemoved ? 'removed' : 'saved';
  ports.logger.info(isRemoved ? `Removed ${textOf(key)}` : `Accepted version ${version} of ${textOf(key)}`, {
    code: `parameter-${change}`,
    ...detail,
  });
  for (const warning of clearSecretsOf(key, next))
    ports.logger.warn(`${textOf(key)}: ${warning}`, { code: 'secret-in-clear', ...detail });
  return publishEvents(ports, { type: 'ModifiedCrontab', detail: { ...detail, change } });
}

/** An edit in the console has no other place where its author could read a warning. */
function clearSecretsOf({ site }: ParameterKey, { removedAt, value }: AnyProjection): readonly string[] {
  if (removedAt !== undefined || !value || !('environ' in value)) return [];
  return clearSecretWarnings(value.environ, site);
}

function textOf({ site, uid }: ParameterKey): string {
  return uid === undefined ? `the crontab of ${site}` : `${site}/${uid}`;
}
