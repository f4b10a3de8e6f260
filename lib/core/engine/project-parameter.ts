/**
 * From a parameter to its projection: reads the parameter, validates it, and writes the result.
 *
 * The event that leads here is never trusted: it may be late, repeated or out of order. So the parameter is read, and
 * read again after the write, until both readings agree.
 */
import type { CronFields } from '../domain/cron.ts';
import { loadCron } from '../domain/cron-schema.ts';
import { loadCrontabSettings } from '../domain/crontab-schema.ts';
import type { CrontabSettings } from '../domain/crontab-settings.ts';
import { attempt, InvalidError, UnavailableError } from '../domain/errors.ts';
import { type ParameterKey, SITE } from '../domain/names.ts';
import { formatProblem, formatValue, type Problem } from '../domain/problem.ts';
import { sameJson } from '../domain/same-json.ts';
import type { Parameter } from '../ports/registry.ts';
import type { Projection } from '../ports/store.ts';
import type { Ports } from './ports.ts';
import { publishEvents } from './publish-events.ts';

export type ProjectPorts = Pick<Ports, 'registry' | 'store' | 'events' | 'clock' | 'logger' | 'runners'>;

type AnyProjection = Projection<CronFields | CrontabSettings>;

const MAX_READS = 10;

/** Makes the projection of one parameter equal to the registry. Throws UnavailableError when it keeps changing. */
export async function projectParameter(ports: ProjectPorts, key: ParameterKey): Promise<void> {
  for (let reads = 1; reads < MAX_READS; reads++) {
    // Before the registry: a parameter that is absent there was removed after this projection was written, so the removal
    // concerns this projection, and not one of a parameter that is created again meanwhile.
    const known = await ports.store.readProjection(key);
    const parameter = await ports.registry.read(key);
    const done = await applyReading(ports, key, known, parameter);
    if (done && (await isUnchanged(ports, key, parameter, done))) return;
  }
  throw new UnavailableError(`The parameter of ${textOf(key)} changed ${MAX_READS} times while it was read.`);
}

/** Makes the projection equal to this reading of the parameter, unless a later reading was projected. Throws as `projectParameter` does. */
export async function projectListed(
  ports: ProjectPorts,
  key: ParameterKey,
  parameter: Parameter,
): Promise<void> {
  const done = await applyReading(ports, key, await ports.store.readProjection(key), parameter);
  // The handler of a later change may have come before this write, when it had nothing to change.
  const isOld = done && !done.isWritten && !done.isMarked;
  if (isOld || (done && (await isUnchanged(ports, key, parameter, done)))) return;
  await projectParameter(ports, key);
}

/** The effects of a reading: a projection that was written, a label of rejection that was set. */
interface Applied {
  readonly isWritten: boolean;
  readonly isMarked: boolean;
}

/**
 * Whether the registry still shows that reading. If not, a label that was set for it may be on a parameter that was
 * created again with the same version, and is removed.
 */
async function isUnchanged(
  { registry }: ProjectPorts,
  key: ParameterKey,
  parameter: Parameter | undefined,
  { isMarked }: Applied,
): Promise<boolean> {
  const now = await registry.read(key);
  if (now?.modified === parameter?.modified) return true;
  if (parameter && isMarked) await registry.unlabelRejected(key, parameter.version);
  return false;
}

/** Nothing if the reading was outdated before it was validated: the parameter has to be read again. */
async function applyReading(
  ports: ProjectPorts,
  key: ParameterKey,
  known: AnyProjection | undefined,
  parameter: Parameter | undefined,
): Promise<Applied | undefined> {
  const next = parameter ? await validate(ports, parameter, known) : removal(known);
  if (next === 'outdated') return undefined;
  if (!next || isLater(known, next)) return { isWritten: false, isMarked: false };
  const isMarked = parameter !== undefined && next.problems !== undefined;
  // Also when it is known already: a late mark of an earlier version may have taken the place of this one.
  if (isMarked) await ports.registry.labelRejected(parameter, next.problems);
  if (isSameProjection(known, next)) return { isWritten: false, isMarked };
  if (known?.problems && !next.problems) await ports.registry.unlabelRejected(key, known.version);
  const isWritten = await ports.store.putProjection(key, next, ports.clock.now());
  if (isWritten) await reportProjection(ports, key, next);
  return { isWritten, isMarked };
}

async function validate(
  ports: ProjectPorts,
  parameter: Parameter,
  known: AnyProjection | undefined,
): Promise<AnyProjection | 'outdated'> {
  const { modified, version } = parameter;
  const validated = attempt(() => valid(ports, parameter));
  if ('value' in validated) return { modified, version, value: validated.value };
  const { problems } = validated;
  const lastGood = await lastGoodOf(ports, parameter, known);
  if (lastGood === 'outdated') return 'outdated';
  return lastGood ? { modified, version, value: lastGood, problems } : { modified, version, problems };
}

/**
 * The value that stays in force while the current version is invalid: a valid version may have come and gone since the last
 * reading. If the version itself has gone, with all versions before it, it is not known.
 */
async function lastGoodOf(
  ports: ProjectPorts,
  parameter: Parameter,
  known: AnyProjection | undefined,
): Promise<AnyProjection['value'] | 'outdated'> {
  if (known?.modified === parameter.modified) return known.value;
  const { site, uid, version } = parameter;
  const since = known?.modified ?? Number.NEGATIVE_INFINITY;
  const versions = await ports.registry.history(uid === undefined ? { site } : { site, uid });
  if (!versions.some(({ modified }) => modified <= parameter.modified)) return 'outdated';
  for (const earlier of versions) {
    if (earlier.version >= version || earlier.modified <= since) continue;
    const validated = attempt(() => valid(ports, { ...parameter, value: earlier.value }));
    if ('value' in validated) return validated.value;
  }
  // The projection may be of a parameter that was removed and created again, without an event of the removal.
  const isEarlierLife = versions.some((one) => one.version === 1 && one.modified > since);
  return isEarlierLife ? undefined : known?.value;
}

function valid({ runners }: ProjectPorts, { site, uid, value }: Parameter): CronFields | CrontabSettings {
  const validated = attempt(() =>
    uid === undefined ? loadCrontabSettings(value) : loadCron(value, { uid, runners }).fields(),
  );
  const problems = [...siteProblems(site), ...validated.problems];
  if ('value' in validated && problems.length === 0) return validated.value;
  throw new InvalidError(problems);
}

function siteProblems(site: string): Problem[] {
  if (SITE.test(site)) return [];
  return [
    {
      where: 'site',
      got: formatValue(site),
      wanted: '1 to 16 lower-case letters, digits and dashes',
      fix: 'Create the parameter again under a site with a valid name.',
    },
  ];
}

function removal(known: AnyProjection | undefined): AnyProjection | undefined {
  if (!known || known.removed) return undefined;
  return { modified: known.modified, version: known.version, removed: true };
}

function isSameProjection(known: AnyProjection | undefined, next: AnyProjection): boolean {
  return known !== undefined && sameJson(known, next);
}

/** Whether this reading is older than what is projected: there is nothing to do about it, and nothing to mark. */
function isLater(known: AnyProjection | undefined, next: AnyProjection): boolean {
  if (known === undefined || known.modified < next.modified) return false;
  return known.modified > next.modified || (known.removed === true && !next.removed);
}

async function reportProjection(ports: ProjectPorts, key: ParameterKey, next: AnyProjection): Promise<void> {
  const { removed, problems, version } = next;
  const detail = { ...key, version };
  if (problems) {
    const inForce = next.value ? 'the last good version stays in force' : 'nothing of it is in force';
    const text = problems.map(formatProblem).join(' ');
    ports.logger.warn(`Rejected version ${version} of ${textOf(key)}; ${inForce}. ${text}`, {
      ...detail,
      code: 'parameter-rejected',
      problems,
    });
    return publishEvents(ports, { type: 'RejectedParameter', detail: { ...detail, problems } });
  }
  const change = removed ? 'removed' : 'saved';
  ports.logger.info(removed ? `Removed ${textOf(key)}` : `Accepted version ${version} of ${textOf(key)}`, {
    ...detail,
    code: `parameter-${change}`,
  });
  return publishEvents(ports, { type: 'ModifiedCrontab', detail: { ...detail, change } });
}

function textOf({ site, uid }: ParameterKey): string {
  return uid === undefined ? `the crontab of ${site}` : `${site}/${uid}`;
}
