/** The preconditions of a change: a writable crontab and, for optimistic concurrency, an expected version. */
import { loadCrontabSettings } from '../../core/domain/crontab-schema.ts';
import { CRONTAB_DEFAULTS, type CrontabSettings } from '../../core/domain/crontab-settings.ts';
import { attempt, InvalidError, ReadOnlyError, VersionConflictError } from '../../core/domain/errors.ts';
import { parseJsonObject } from '../../core/domain/json-object.ts';
import { describeKey, type ParameterKey, SITE, SITE_RULE } from '../../core/domain/names.ts';
import { formatValue } from '../../core/domain/problem.ts';
import type { OperationPorts } from '../../core/ports/operation-ports.ts';
import type { Parameter, Version } from '../../core/ports/registry.ts';
import { changesText, fieldChanges } from './field-changes.ts';
import { weekdayTime } from './local-time.ts';
import { tagOf } from './parameter-view.ts';

/**
 * The effective settings, read from the registry, so that a new lock holds before the table has it. The last valid settings
 * when the current ones are not valid.
 */
export async function currentSettings(
  { registry, store }: Pick<OperationPorts, 'registry' | 'store'>,
  site: string,
): Promise<CrontabSettings> {
  const parameter = await registry.read({ site });
  if (!parameter) return CRONTAB_DEFAULTS;
  const settings = attempt(() => loadCrontabSettings(parameter.value));
  if ('value' in settings) return settings.value;
  const projection = await store.readProjection({ site });
  return (projection?.value as CrontabSettings | undefined) ?? CRONTAB_DEFAULTS;
}

/** Throws InvalidError for a name that no site can have. */
export function requireSiteName(site: string): void {
  if (SITE.test(site)) return;
  const problem = { where: 'site', got: formatValue(site), wanted: SITE_RULE, fix: 'Choose another name.' };
  throw new InvalidError([problem]);
}

/** Throws ReadOnlyError when the crontab is read-only. */
export async function requireWritable(
  ports: Pick<OperationPorts, 'registry' | 'store'>,
  site: string,
): Promise<void> {
  if ((await currentSettings(ports, site)).readOnly) throw new ReadOnlyError(site);
}

/** Throws VersionConflictError with author and changes when the current version is not expected. Undefined accepts any. */
export async function requireVersion(
  ports: Pick<OperationPorts, 'registry' | 'store'>,
  key: ParameterKey,
  present: Parameter,
  expected: readonly string[] | undefined,
): Promise<void> {
  const tag = tagOf(present);
  if (!expected || expected.includes(tag)) return;
  const [versions, { timezone }] = await Promise.all([
    ports.registry.history(key),
    currentSettings(ports, key.site),
  ]);
  const now = versions.find((version) => tagOf(version) === tag);
  const then = versions.find((version) => expected.includes(tagOf(version)));
  const changes = then
    ? fieldChanges(parseJsonObject(then.value) ?? {}, parseJsonObject(present.value) ?? {})
    : [];
  const what = changes.length > 0 ? `: ${changesText(changes)}` : '';
  const text = `${describeKey(key)} was changed in the meantime${whoOf(now)} at ${weekdayTime(present.modified, timezone)}${what}.`;
  throw new VersionConflictError(
    `${text} Nothing was saved. Review the change, then save again.`,
    tag,
    changes,
  );
}

/** The author of that version, or else its writer, after " by "; empty when both are unknown. */
export function whoOf(version: Pick<Version, 'author' | 'writer'> | undefined): string {
  const who = version?.author ?? version?.writer;
  return who === undefined ? '' : ` by ${who}`;
}
